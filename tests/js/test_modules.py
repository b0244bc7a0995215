"""The script modules that know no page, each run in the real browser by itself."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from scripts.environment import ROOT

Run = Callable[..., Any]
# Nothing listens there: what the page asks for comes from the folder of static files.
ORIGIN = "http://127.0.0.1:9"
EDIT: dict[str, Any] = {
    "row": 1,
    "field": "action",
    "value": "a",
    "base": 0,
    "op": "a",
    "state": "queued",
    "due": 0,
}


@pytest.fixture
def run(page: Page) -> Run:
    """Runs a function's body that uses a module: `run("lib/backoff.js", "return module.backoff(1)")`."""
    page.route(f"{ORIGIN}/**", answer)
    page.goto(f"{ORIGIN}/")

    def run_it(path: str, body: str, given: Any = None) -> Any:
        script = f"async (given) => {{ const module = await import('/static/js/{path}'); {body} }}"
        return page.evaluate(script, given)

    return run_it


def answer(route: Route) -> None:
    """An empty page, or a file of static/."""
    path = route.request.url.removeprefix(f"{ORIGIN}/")
    if path:
        route.fulfill(path=ROOT / path)
    else:
        route.fulfill(body="<!doctype html><title>Modules</title>", content_type="text/html")


def queued(run: Run, edits: list[dict[str, Any]], then: str) -> Any:
    """What `then` says of a queue to which the edits were added in turn."""
    adding = "const queue = new module.Queue(); for (const edit of given) { queue.add({ ...edit }); } "
    return run("grid/queue.js", adding + then, [EDIT | edit for edit in edits])


def test_an_edit_that_was_never_sent_is_overtaken_by_the_next_of_its_cell(run: Run) -> None:
    edits: list[dict[str, Any]] = [{}, {"value": "b", "op": "b", "base": 4}]

    left = queued(run, edits, "return queue.edits.map(({ value, base }) => [value, base]);")

    assert left == [["b", 0]]


def test_an_edit_after_one_that_is_under_way_names_it_and_keeps_its_base(run: Run) -> None:
    edits: list[dict[str, Any]] = [{"state": "sending"}, {"value": "b", "op": "b", "base": 4}]

    left = queued(
        run, edits, "return queue.edits.map(({ op, base, after_op = '' }) => [op, base, after_op]);"
    )

    assert left == [["a", 0, ""], ["b", 0, "a"]]


def test_one_edit_of_a_row_goes_at_a_time(run: Run) -> None:
    edits: list[dict[str, Any]] = [{"state": "sending"}, {"field": "owner", "op": "b"}, {"row": 2, "op": "c"}]

    going = queued(run, edits, "return queue.next(4, 0).map(({ op }) => op);")

    assert going == ["c"]


def test_at_most_four_rows_go_side_by_side(run: Run) -> None:
    edits: list[dict[str, Any]] = [{"row": number, "op": str(number)} for number in range(6)]

    going = queued(run, edits, "return queue.next(4, 0).map(({ op }) => op);")

    assert going == ["0", "1", "2", "3"]


def test_in_one_lane_nothing_overtakes_an_edit_that_waits(run: Run) -> None:
    edits: list[dict[str, Any]] = [{"state": "waiting", "due": 5}, {"row": 2, "op": "b"}]

    going = queued(run, edits, "return [queue.next(1, 0).length, queue.next(1, 5).map(({ op }) => op)];")

    assert going == [0, ["a"]]


def test_a_refused_edit_gives_way_to_the_next_of_its_cell(run: Run) -> None:
    edits: list[dict[str, Any]] = [{"state": "refused"}, {"value": "b", "op": "b"}]

    assert queued(run, edits, "return queue.edits.map(({ op }) => op);") == ["b"]


def test_what_needs_its_author_is_counted_apart(run: Run) -> None:
    edits: list[dict[str, Any]] = [{"state": "asking"}, {"row": 2, "op": "b"}]

    assert queued(run, edits, "return [queue.unsent, queue.needing];") == [2, 1]


def test_waiting_grows_to_a_quarter_of_a_minute(run: Run) -> None:
    body = "return [1, 2, 3, 4, 5, 6, 60].map((failures) => module.backoff(failures, () => 0.5));"

    assert run("lib/backoff.js", body) == [500, 1000, 2000, 4000, 8000, 15000, 15000]


def test_waiting_differs_by_a_quarter_up_and_down(run: Run) -> None:
    body = "return [0, 1].map((chance) => module.backoff(2, () => chance));"

    assert run("lib/backoff.js", body) == [750, 1250]


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("Meet with hospital", "Meet GP Tuesday", ["Meet ", "GP Tuesday", ""]),
        ("Meet the GP today", "Meet the nurse today", ["Meet the ", "nurse", " today"]),
        ("the same", "the same", ["the same", "", ""]),
        ("a a", "a a a", ["a a", " a", ""]),
        ("", "new", ["", "new", ""]),
    ],
)
def test_the_words_that_differ_are_found(run: Run, before: str, after: str, parts: list[str]) -> None:
    assert run("lib/differing.js", "return module.differing(...given);", [before, after]) == parts


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("in", ["Intervention underway", "Decided in full", "Awaiting first CIN"]),
        ("cin", ["Awaiting first CIN"]),
        ("zz", []),
        (" ", ["Awaiting first CIN", "Intervention underway", "Decided in full"]),
    ],
)
def test_options_that_begin_with_what_was_typed_come_first(run: Run, typed: str, labels: list[str]) -> None:
    options = [
        {"label": label} for label in ("Awaiting first CIN", "Intervention underway", "Decided in full")
    ]
    body = "return module.fitting(given.options, given.typed).map(({ label }) => label);"

    found = run("lib/options.js", body, {"options": options, "typed": typed})

    assert found == labels


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "Saved"),
        ({"waiting": 2}, "Saving 2…"),
        ({"offline": True}, "Offline. Keep typing."),
        ({"offline": True, "waiting": 3}, "Offline: 3 changes wait. Keep typing."),
        ({"needing": 1}, "1 needs you."),
        ({"waiting": 1, "needing": 2}, "Saving 1… 2 need you."),
        ({"signedOut": True, "waiting": 1}, "Signed out: 1 change waits."),
    ],
)
def test_the_badge_says_what_is_saved(run: Run, facts: dict[str, Any], words: str) -> None:
    given = {"offline": False, "waiting": 0, "needing": 0, "signedOut": False} | facts

    assert run("lib/saved.js", "return module.words(given);", given) == words


def test_others_changes_are_told_one_by_one_or_summed_up(run: Run) -> None:
    """K5: what comes meanwhile is one message."""
    body = """
      const region = document.createElement("p");
      const say = new module.Say(region);
      say.news(["AN changed Stage of 000002"]);
      const first = region.textContent;
      say.news(["BO changed Owner of 000003", "BO closed 000004"]);
      const meanwhile = region.textContent;
      say.news(["BO closed 000005"]);
      const heard = new Promise((tell) => new MutationObserver(() => tell(region.textContent))
        .observe(region, { childList: true }));
      return [first, meanwhile, await heard];
    """

    one = "AN changed Stage of 000002"
    assert run("lib/say.js", body) == [one, one, "3 changes by others"]


SPOKEN = """
  const region = document.createElement("p");
  region.setAttribute("role", "status");
  const heard = [];
  new MutationObserver(() => heard.push([Math.round(performance.now()), region.textContent.trim()]))
    .observe(region, { childList: true });
  const rest = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));
  const say = new module.Say(region);
"""


def test_a_batch_of_changes_is_one_message_and_the_next_comes_five_seconds_later(run: Run) -> None:
    """K5: not more often than a person can listen."""
    body = """
      say.news(["AN changed Stage of 000002", "AN changed Owner of 000002"]);
      for (let number = 0; number < 20; number += 1) {
        say.news(["BO changed Action of 000003"]);
        await rest(20);
      }
      while (heard.length < 2) {
        await rest(20);
      }
      return heard;
    """

    (first, told), (second, summed) = run("lib/say.js", SPOKEN + body)

    assert (told, summed) == ("2 changes by others", "20 changes by others")
    assert second - first >= 4_990


def test_who_wishes_it_hears_nothing_of_others_and_still_what_they_did_themselves(run: Run) -> None:
    """K5: it can be turned off."""
    body = """
      localStorage.setItem(module.MUTED, "");
      say.news(["AN changed Stage of 000002"]);
      say.now("Saved: Action, 000002");
      await rest(0);
      localStorage.removeItem(module.MUTED);
      return heard.map(([, text]) => text);
    """

    assert run("lib/say.js", SPOKEN + body) == ["Saved: Action, 000002"]


def test_an_edit_goes_again_when_a_busy_server_wants_it_and_not_before(run: Run) -> None:
    body = """
      const waits = [];
      const later = window.setTimeout;
      window.setTimeout = (act, milliseconds) => {
        waits.push(milliseconds);
        return later(act, milliseconds);
      };
      const asked = [];
      window.fetch = async (address, { body }) => {
        asked.push(body.get("op"));
        const busy = asked.length === 1;
        const headers = { "Content-Type": "application/json", ...(busy ? { "Retry-After": "7" } : {}) };
        return new Response('{"outcome": "x"}', { status: busy ? 503 : 200, headers });
      };
      const outbox = new module.Outbox({
        store: { load: () => [], keep: () => {} }, tab: "t", sure: () => true, mayGo: async () => true,
        changed: () => {}, saved: () => {}, refused: () => {}, signedOut: () => {},
      });
      const now = Date.now;
      outbox.commit({ ...given, attempts: 0 });
      while (!waits.length) {
        await new Promise((go) => later(go, 5));
      }
      outbox.retry();
      outbox.commit({ ...given, row: 2, op: "b", attempts: 0 });
      await new Promise((go) => later(go, 200));
      const before = asked.length;
      Date.now = () => now() + 7100;
      while (asked.length < 3) {
        outbox.retry();
        await new Promise((go) => later(go, 5));
      }
      return [waits[0], before, asked];
    """

    waited, before, asked = run("grid/outbox.js", body, EDIT)

    assert 6_900 < waited <= 7_000
    assert before == 1
    assert asked == ["a", "a", "b"]


def test_an_answer_to_what_was_asked_before_the_line_went_says_nothing_of_now(run: Run) -> None:
    body = """
      const asked = [];
      window.fetch = () => new Promise((go, fail) => asked.push({ go, fail }));
      const seen = [];
      const changes = new module.Changes("/changes/", 1, {
        reached: () => seen.push("reached"), lost: () => seen.push("lost"), refused: () => {},
        news: async () => {}, reset: async () => 1,
      });
      const until = async (number) => {
        while (asked.length < number) {
          await new Promise((go) => setTimeout(go, 5));
        }
      };
      changes.start();
      changes.poll();
      await until(1);
      window.dispatchEvent(new Event("offline"));
      const there = changes.poll();
      asked[0].go(new Response(null, { status: 204 }));
      await until(2);
      asked[1].fail(new TypeError("no line"));
      const answer = await there;
      changes.stop();
      return [answer, seen];
    """

    assert run("grid/changes.js", body) == [False, ["lost", "reached", "lost"]]


CHANGES = """
      const brought = [];
      const changes = new module.Changes("/changes/", 1, {
        reached: () => {}, lost: () => {}, refused: () => {}, reset: async () => 1,
        asks: () => ASKED,
        news: async (told) => {
          brought.push([performance.now(), told.map(({ seq }) => seq)]);
          return ASKED;
        },
      });
      const until = async (number) => {
        while (brought.length < number) {
          await new Promise((go) => setTimeout(go, 5));
        }
      };
      const began = performance.now();
      changes.ring({ seq: 2, row: 7 });
      changes.ring({ seq: 3, row: 7 });
      await until(1);
      changes.ring({ seq: 4, row: 7 });
      await new Promise((go) => setTimeout(go, 5));
      changes.ring({ seq: 5, row: 7 });
      await until(2);
      changes.stop();
      return [brought.map(([, told]) => told), brought[0][0] - began, brought[1][0] - brought[0][0]];
"""


def test_what_is_told_while_a_page_has_just_asked_comes_with_its_next_request(run: Run) -> None:
    told, first, between = run("grid/changes.js", CHANGES.replace("ASKED", "true"))

    # What was told in one moment comes together.
    assert told == [[2, 3], [4, 5]]
    # Where nobody else has just saved, nobody waits.
    assert first < 100
    assert between > 240


def test_a_page_that_needs_not_ask_does_not_wait(run: Run) -> None:
    told, _, between = run("grid/changes.js", CHANGES.replace("ASKED", "false"))

    assert told[:2] == [[2, 3], [4]]
    assert between < 100


FOLLOWING = """
      const addresses = [], drawn = [];
      window.fetch = async (address) => {
        addresses.push(new URL(address, location.href).searchParams.get("ids"));
        return new Response("<table></table>", { status: 200 });
      };
      const cells = { find: () => null, label: () => "", caseName: () => "" };
      const apply = { rows: (html, ids) => drawn.push([html.replace(/<.?(table|tbody)>/g, ""), ids]) };
      const people = { know: async () => {}, of: () => ({ initials: "AN" }) };
      const facts = { rowsUrl: "/rows/", entry: "5", me: "1" };
      const page = { sending: () => false, wrote: () => false, say: () => {}, busy: () => false };
      const follow = new module.Follow(cells, apply, people, facts, page);
"""


def test_a_row_that_came_with_its_last_change_is_not_asked_for(run: Run) -> None:
    body = (
        FOLLOWING
        + """
      const change = (row, html, by = 2) => ({ seq: 9, row, kind: "set", field: "owner", by, html });
      const asked = await follow.news([
        change(1), change(1, "one"), change(2, "too old"), change(2), change(3, "three", 2), change(0),
      ]);
      const again = await follow.news([change(4, "four")]);
      return [asked, again, addresses, drawn];
    """
    )

    asked, again, addresses, drawn = run("grid/follow.js", body)

    assert (asked, again) == (True, False)
    assert addresses == ["2"]
    assert drawn == [["onethree", [1, 3]], ["", [2]], ["four", [4]]]


def test_a_row_that_was_drawn_before_my_last_act_is_not_put_over_it(run: Run) -> None:
    body = (
        FOLLOWING
        + """
      follow.own(12, 12);
      const older = { seq: 11, row: 1, kind: "set", field: "owner", by: 2, html: "before mine" };
      const newer = { seq: 13, row: 1, kind: "set", field: "owner", by: 2, html: "after mine" };
      const asks = [older, newer].map((change) => follow.asks([change]));
      await follow.news([older]);
      await follow.news([newer]);
      return [asks, addresses, drawn];
    """
    )

    asks, addresses, drawn = run("grid/follow.js", body)

    assert asks == [True, False]
    assert addresses == ["1"]
    assert drawn == [["", [1]], ["after mine", [1]]]


def test_a_number_without_changes_is_no_news(run: Run) -> None:
    body = FOLLOWING + "return [await follow.news([]), follow.asks([]), addresses, drawn];"

    assert run("grid/follow.js", body) == [False, False, [], []]


def test_an_act_of_my_own_holds_back_nothing_that_came_along(run: Run) -> None:
    body = (
        FOLLOWING
        + """
      follow.own(12, 12);
      const mine = { seq: 12, row: 1, kind: "set", field: "owner", by: 1 };
      const theirs = { seq: 13, row: 2, kind: "set", field: "owner", by: 2, html: "theirs" };
      return [follow.asks([mine, theirs]), follow.asks([{ ...theirs, html: undefined }])];
    """
    )

    assert run("grid/follow.js", body) == [False, True]


def test_a_page_waits_four_times_as_long_as_a_slow_server_took(run: Run) -> None:
    body = """
      const pace = new module.Pace();
      const waits = [pace.wait(100)];
      pace.asked(performance.now() - 1000);
      waits.push(pace.wait(100));
      pace.asked(performance.now());
      waits.push(pace.wait(100));
      pace.asked(performance.now(), 250);
      return [...waits, pace.wait(0)];
    """

    first, slow, quick, rest = run("lib/pace.js", body)

    assert (first, quick) == (100, 100)
    assert 3_900 < slow <= 4_100
    assert 200 < rest <= 250


def test_who_has_gone_before_their_name_came_is_not_shown(run: Run) -> None:
    body = """
        let learned;
        const people = {
            know: () => new Promise((done) => { learned = done; }),
            of: () => ({ initials: "AN", name: "Ann Other" }),
        };
        const cells = { columns: new Map(), find: () => null };
        const list = document.createElement("ul");
        const present = new module.Present(list, cells, people);
        const report = { person: 7, tab: "t", row: 0, field: "", mode: "here" };
        const here = present.heard(report);
        await present.heard({ ...report, mode: "gone" });
        learned();
        await here;
        return list.children.length;
    """

    assert run("grid/present.js", body) == 0


def test_a_name_that_a_busy_server_did_not_tell_is_asked_for_again(run: Run) -> None:
    body = """
      const answers = [
        new Response("{}", { status: 503, headers: { "Content-Type": "application/json" } }),
        new Response('{"7": {"initials": "AN", "name": "Ann Other"}}', {
          headers: { "Content-Type": "application/json" },
        }),
      ];
      window.fetch = async () => answers.shift();
      const people = new module.People("/people/");
      const first = await people.know([7]).catch((error) => error.constructor.name);
      await people.know([7]);
      return [first, people.of(7).name];
    """

    assert run("lib/people.js", body) == ["Unreachable", "Ann Other"]


def test_who_may_edit_here_comes_with_the_first_name_that_is_asked_for_and_is_not_asked_for_again(
    run: Run,
) -> None:
    body = """
      const asked = [];
      const [ann, bob] = [{ initials: "AO", name: "Ann Other" }, { initials: "BO", name: "Bob Other" }];
      window.fetch = async (address) => {
        asked.push(address);
        const told = address.includes("colleagues") ? { 7: ann, 8: bob } : {};
        return new Response(JSON.stringify(told), { headers: { "Content-Type": "application/json" } });
      };
      const people = new module.People("/people/");
      for (const one of [7, 8, 9]) {
        await people.know([one]);
      }
      return [asked, people.of(8).name, people.of(9).name];
    """

    assert run("lib/people.js", body) == [
        ["/people/?ids=7&colleagues=1", "/people/?ids=9"],
        "Bob Other",
        "Somebody",
    ]


def test_what_a_busy_server_did_not_count_is_in_the_next_report(run: Run) -> None:
    body = """
      const sent = [];
      const answers = [503, 204, 422, 204];
      window.fetch = async (address, { body }) => {
        sent.push(body.get("parked"));
        return new Response(null, { status: answers.shift() });
      };
      new module.Hitches("/hitches/");
      while (answers.length) {
        document.dispatchEvent(new CustomEvent("icm:parked"));
        await new Promise((go) => setTimeout(go, 5));
      }
      return sent;
    """

    assert run("grid/hitches.js", body) == ["1", "2", "1", "1"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ("a", [["a"]]),
        ("a\n\n", [["a"], [""]]),
        ("\t", [["", ""]]),
        ('"one\ntwo"\t"say ""hi"""', [["one\ntwo", 'say "hi"']]),
        ('"Hello" she said\tx', [['"Hello" she said', "x"]]),
        ('half "open\tx', [['half "open', "x"]]),
        ('"never closed\tx', [['"never closed', "x"]]),
        ("a\rb", [["a"], ["b"]]),
    ],
)
def test_text_from_a_table_becomes_its_rows(run: Run, text: str, rows: list[list[str]]) -> None:
    assert run("lib/tsv.js", "return module.read(given);", text) == rows


def test_text_of_a_table_is_read_as_it_was_written(run: Run) -> None:
    rows = [["plain", 'a "quoted" word', ""], ["two\nlines", "a\ttab", '"'], ["", "", ""]]

    assert run("lib/tsv.js", "return module.read(module.write(given));", rows) == rows


@pytest.mark.parametrize(
    ("html", "rows"),
    [
        ("<table><tr><td>a<br>b<td> c  d </table>", [["a\nb", "c d"]]),
        ("<table><tr><td colspan=2>a<td>b<tr><td>c<td>d<td>e</table>", [["a", "", "b"], ["c", "d", "e"]]),
        ("<table><tr><td rowspan=2>a<td>b<tr><td>c</table>", [["a", "b"], ["", "c"]]),
        ("<table><tr><td><p>one</p><p>two</p></table>", [["one\ntwo"]]),
        ("<table><tr><td><time datetime='2027-01-02'>02/01/2027</time></table>", [["2027-01-02"]]),
        ('<table><tr><td>the word style="x" stays</table>', [['the word style="x" stays']]),
    ],
)
def test_a_table_of_another_program_becomes_its_rows(run: Run, html: str, rows: list[list[str]]) -> None:
    body = """const data = new DataTransfer();
      data.setData("text/html", given);
      return module.fromClipboard(data).rows;"""

    assert run("grid/copied.js", body, html) == rows
