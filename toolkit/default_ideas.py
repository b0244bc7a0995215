"""The Toolkit's default copy as plain data: what a new council starts with (domain, section 3).

toolkit/migrations/0002_default_ideas.py loads it; what officers change later is in the table.
"""

import re

from tracker.choices import Stage


def _ideas(text: str) -> tuple[str, ...]:
    """Each item of a list with dashes, its lines joined."""
    return tuple(" ".join(item.split()) for item in re.split(r"(?m)^ *- ", text)[1:])


# Stands at the top of the Toolkit's page.
OPENING_NOTE = (
    "These ideas help a manager or practice supervisor unblock a plan in a few minutes. They "
    "do not replace supervision, procedures or professional judgement. If a child may be "
    "suffering significant harm, act now: do not wait for the next meeting. Record decisions "
    "in the child's case record, not here."
)

# By the label of what is needed.
BY_NEED = {
    "Schedule/attend a meeting": _ideas("""
        - Send the invitation during this meeting. A date in the diary beats "will arrange".
        - Ask what decision the meeting must make. If there is none, a phone call or a written
          update may do.
        - Offer two times that suit the family first (after school, early evening, video or
          phone), then ask professionals.
        - For the one person without whom it cannot work: ask for a named deputy or a short
          written report three days before.
        - Book the next meeting before this one ends, so there is always a date ahead.
        - If a hospital, school or court date drives things, plan backwards from it and set the
          action date a week earlier.
    """),
    "Write up": _ideas("""
        - Protect a two-hour slot this week, phone off, and agree who covers duty. Put it in the
          diary now.
        - Start with the "so what": three sentences on what has changed, what still worries us and
          what we recommend. Build out from there.
        - Sit together for 20 minutes: the worker talks, you type headings. Spoken analysis is
          often better than the draft.
        - Write to the child in plain words; it shortens the record and sharpens the thinking.
        - Ask what is really stopping it: time, confidence, missing information, or doubt about
          the decision? Each needs different help.
        - Agree one "good enough" standard and one read-through by you. No third draft.
    """),
    "Visit or direct work with child": _ideas("""
        - Fix the visit purpose in one line linked to the plan: "find out how mornings go now",
          not "statutory visit".
        - Plan to see the child alone and away from home once: school, a walk, the car, a cafe.
        - Use a tool the child enjoys: three houses, a feelings scale, a day-in-my-life drawing,
          cards for teenagers.
        - Ask "what would you want to be different before I stop coming?" and put the answer in
          the plan in the child's words.
        - If the child is not talking, ask who they do talk to, and plan the visit with that
          adult.
        - Pair a newer worker with someone confident in direct work for one joint visit.
    """),
    "Work with parents or carers": _ideas("""
        - Name the one change that matters most for the child. Park the rest until it has moved.
        - Use a scaling question: "0 is as bad as it was, 10 is safe enough for us to go. Where
          today? What makes it that, and not lower? What would one point higher look like?"
        - Listen for the parent's own reasons to change and reflect them back; avoid persuading.
          Arguing for change invites arguing against it.
        - Ask when the problem did not happen, and who helped. Build the plan on that exception.
        - Break the goal into a two-week step the parent chose. Check it on a set date and say
          well done when it happens.
        - Show, do not tell: model the bedtime routine, go along to the first appointment, ring
          the benefits line together.
    """),
    "Engage family or renew consent": _ideas("""
        - Change something: time, place, worker, tone, or who makes contact. The same letter again
          will get the same silence.
        - Be straight about why we are involved, what would make us worry more, and what would let
          us stop. One page, plain words.
        - Ask who the family trusts (grandparent, teacher, health visitor, faith leader) and make
          a joint call.
        - Look for the reason under the refusal: fear of removal, shame, earlier experience,
          language, disability, work shifts.
        - Check consent is informed and current, from each person with parental responsibility,
          including fathers.
        - Set a date to decide. If they still say no: is the child safe enough to close with a
          clear letter, or is the threshold met to step up?
    """),
    "Family network plan or FGC": _ideas("""
        - Draw the family tree and an eco-map with the parent and child; circle everyone the child
          would ring in trouble.
        - Decide the bottom lines: what must the family's plan make sure of? Leave the "how" to
          them.
        - Offer a family group conference or a smaller network meeting. Give private family time
          without professionals.
        - Ask fathers, paternal relatives and friends by name. "Not involved" is a starting point,
          not a fact.
        - Write the family's plan in their words with names and days, and test it: "who does
          Tuesday if Nan is ill?"
        - Plan closure around the network: who notices first if things slip, and who do they call?
    """),
    "Make a referral": _ideas("""
        - Send it today: open the form in this meeting and list what is missing.
        - Ring the service first. Check it takes this age, area and need, and ask what makes a
          referral succeed.
        - Write the difference wanted for the child, not a history of everything. Half a page is
          usually enough.
        - Tell the family what will happen and when, and get agreement to share information.
        - Name a stop-gap while they wait: a worksheet pack, a school mentor, a group, a helpline.
    """),
    "Service to start or report": _ideas("""
        - Get a date. Ask the service for the position on the list and a named contact, and set
          the action date to chase.
        - Ask if the plan really has to wait. Could another professional do a simpler version now,
          with advice?
        - Ask for the key findings by phone or email ahead of the full report.
        - Is the wait a reason to keep the plan open? If the child is safe enough and someone
          holds the referral, step-down may be right.
        - Record the wait as a possible escalation so the head of service sees the pattern, not
          only the case.
    """),
    "Information from partner agency": _ideas("""
        - Put one clear question, why it matters for the child and a reply date. "Any information"
          gets none.
        - Use the person, not the inbox: name a contact at each agency and ring.
        - If there is worry about sharing, discuss lawful basis and consent together; safeguarding
          information can be shared when needed.
        - After two chases, manager to manager the same day; then the partnership's escalation
          route. Note the date of each step.
        - Ask the agency to bring the answer to the next CIN meeting as its own action, with its
          own date.
    """),
    "Make the plan SMART": _ideas("""
        - Cut it to three outcomes for the child. For each: what will we see, who does what, by
          when, how will we know?
        - Swap services for changes: not "attend parenting course" but "Sam goes to bed by 8 on
          school nights, five nights in seven".
        - Check each child in the family has their own line. Siblings are not one person.
        - Add the contingency sentence: "if this has not changed by ... we will ...". Say it to
          the parents.
        - Take off finished and stale actions. A shorter plan is a better plan.
        - Read it out as if you were the parent. Would you know what to do on Monday?
    """),
    "Management decision or sign-off": _ideas("""
        - If all you need is my decision, ask me now. Two minutes: facts, recommendation, risk if
          wrong.
        - Say what I need to see to sign, so it comes back once, not three times.
        - Panel or legal: agree the question, the paper's owner and the panel date; send the paper
          a week ahead.
        - If I cannot decide, name who can and book them this week.
        - Record the reason with the decision in the case record. "Agreed" alone does not help the
          next reader.
    """),
    "Step down or closure tasks": _ideas("""
        - Start closing at the start: ask at every review "what would need to be true for us to
          go?"
        - Invite the early or family help worker or school lead to the last but one CIN meeting,
          so nobody meets a stranger.
        - Hand over a short story: what worried us, what changed, what keeps it going, what would
          be an early sign of slipping.
        - Try a trial run: four weeks where the family's plan carries the weight and we only
          check.
        - No lead professional? List who already knows the child, ask them in order, then record
          "Difficulty stepping down to EH".
        - End well: a thank-you visit or letter to child and parents saying what they achieved and
          who to call.
    """),
    "Review risk and threshold": _ideas("""
        - Put it on one page: what are we worried about, what is working well, what needs to
          happen, and a safety scale from each person.
        - Ask "what has changed for this child in the last three months?" If the honest answer is
          nothing, change the plan or the level.
        - Look at the chronology for pattern, not incident. Neglect often shows only over time.
        - Test both ways: what would a colleague who disagrees say? What are we not seeing because
          we like, or fear, this family?
        - Over six months: hold a reflective discussion with someone new to the case. Nine: tell
          the head of service. Twelve: plan a fresh decision.
        - If the threshold may be met, stop here and follow child protection procedures today.
    """),
}

# One question for each open stage: it follows the stage and a colon, hence the small first letter.
BY_STAGE = {
    Stage.AWAITING: _ideas("- what is the date, who must be there, does the family know why?"),
    Stage.UNDERWAY: _ideas("- what changed for the child since last week, and what is the one next step?"),
    Stage.IDENTIFIED: _ideas("- what would stop us closing, and who is testing it by when?"),
    Stage.DECIDED: _ideas("- which tasks are left, whose are they, what is the closing date?"),
}

# Running a 30-minute meeting.
FOR_MEETING = _ideas("""
    - Same day, same time, same link. Start on time even if people are missing.
    - One person drives the screen and types; another leads the talk. Swap weekly.
    - Coordinator updates PINs, new cases and CIN meeting dates before the meeting.
    - Open with two minutes of good news: a closure, a brave conversation, a child's words.
    - Take overdue and stuck cases first; skip those on track. Not every child needs airtime every
      week.
    - Keep to about 90 seconds a family: last action done? what is in the way? next action, who,
      by when.
    - One owner and one real date for every action. "Ongoing" and "team" are not allowed.
    - If a date slips for the second time, change the action, not only the date.
    - Needs more than three minutes? Park it, name who stays on, and move along.
    - Ask the room before the manager answers: "who has cracked this one before?"
    - Only what is needed goes on the screen: no sensitive detail, check who can see it, hide
      names if visitors join.
    - End with numbers: closed this week, expected to close, anything to escalate; confirm who
      tells the head of service.
""")
