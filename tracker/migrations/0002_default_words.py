"""The lists a new council starts with: what is needed, difficulties, outcomes (specs: domain, 2.2 to 2.4).

A list that is already there keeps its words as they are; only missing ones are added.
"""

from django.db import migrations

# The guide's own words are "Schedule/attend a meeting", "Write up" and "Difficulty stepping down to EH".
NEEDS = (
    ("Schedule/attend a meeting", "the next step is a CIN, professionals', school, hospital or network meeting"),
    ("Write up", "the work is done but the assessment, plan, minutes, case summary or closing record is not"),
    ("Visit or direct work with child", "child not seen recently or alone, or their view is what is missing"),
    ("Work with parents or carers", "a parent needs to make or keep up a change and the worker needs to help them do it"),
    ("Engage family or renew consent", "family avoiding, refusing or unclear about the plan; consent unsure"),
    ("Family network plan or FGC", "relatives and friends could hold the plan but have not been brought together"),
    ("Make a referral", "a service is agreed as right but nobody has sent the referral"),
    ("Service to start or report", "referral accepted; waiting for the service, the group or the specialist's report"),
    ("Information from partner agency", "the decision hangs on facts another agency has (health, police, school, housing)"),
    ("Make the plan SMART", "plan is vague, long, adult-focused or out of date; nobody can say what \"done\" looks like"),
    ("Management decision or sign-off", "worker has finished; manager, panel, legal or finance must decide"),
    ("Step down or closure tasks", "change is good enough; lead professional, family plan, letters or transfer to arrange"),
    ("Review risk and threshold", "no change or new worry; is CIN still the right level? (urgent risk: act today, not on this list)"),
)
DIFFICULTIES = (
    ("Difficulty stepping down to EH", "early/family help has no capacity, declines, or no lead professional will take it"),
    ("Waiting list for a service", "CAMHS, neurodevelopmental, domestic abuse, parenting, therapy: long wait holds the plan"),
    ("Adult service not available", "parent's mental health, drug/alcohol or learning disability service will not accept"),
    ("Partner not attending or sharing", "agency repeatedly misses meetings, reports or agreed actions"),
    ("Disagreement on threshold", "agencies differ on closing, stepping down or stepping up"),
    ("Family not engaging", "repeated missed visits, refused access or withdrawn consent despite different approaches"),
    ("Housing, money or immigration", "overcrowding, eviction, debt, no recourse to public funds blocks change"),
    ("School place, attendance or SEND", "no place, part-time timetable, exclusion, delayed EHC plan"),
    ("Funding or panel decision", "resource, short breaks or commissioned service waiting for agreement"),
    ("Legal or court delay", "private law case, supervision order or legal advice outstanding"),
    ("Worker change or capacity", "unallocated, sickness, vacancy, or handover has stalled the plan"),
    ("Transfer to team or authority", "receiving team or council has not accepted"),
    ("Other (say what in Update)", "rare; performance officers review these each quarter for new values"),
)
# Label, hint, and the code of those that the program itself uses.
OUTCOMES = (
    ("Need met, no further service", "the change has held for a while and the family knows where to go", ""),
    ("Stepped down to early or family help", "a named lead professional has taken over with the family's consent", ""),
    ("Stepped up to child protection", "the plan is now a child protection plan", ""),
    ("Became looked after", "the child is now in the council's care", ""),
    ("Moved or transferred", "another team or council has accepted the case", "moved"),
    ("Turned 18", "the plan ended with the child's 18th birthday", ""),
    ("Consent withdrawn, threshold not met", "the family said no, and the child is safe enough to close", ""),
    ("Added in error", "the case should not have been on this tracker", "added_in_error"),
    ("Not recorded", "the row came in closed with a workbook that does not say how", "not_recorded"),
)


def add_words(apps, schema_editor):
    """Adds what is missing, found by label in any letter case; repeatable."""
    for model, words in (("Need", NEEDS), ("Difficulty", DIFFICULTIES)):
        for place, (label, hint) in enumerate(words, start=1):
            apps.get_model("tracker", model).objects.get_or_create(
                label__iexact=label, defaults={"label": label, "hint": hint, "order": place * 10}
            )
    outcomes = apps.get_model("tracker", "Outcome").objects
    for place, (label, hint, code) in enumerate(OUTCOMES, start=1):
        if code and outcomes.filter(code=code).exists():
            continue  # renamed by an officer: the code says which one it is
        outcome, _ = outcomes.get_or_create(
            label__iexact=label, defaults={"label": label, "hint": hint, "order": place * 10}
        )
        outcomes.filter(pk=outcome.pk).update(code=code or outcome.code)


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0001_initial'),
    ]

    operations = [
        # Going back leaves the words: rows may hold them by then.
        migrations.RunPython(add_words, migrations.RunPython.noop),
    ]
