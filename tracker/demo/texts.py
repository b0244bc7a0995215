"""What the demonstration's people write: actions for each need, updates, team columns, legends.

`{kin}`, `{school}` and `{agency}` are filled in by stories.py. A value that an officer added later
takes the general actions.
"""

KIN = ("mum", "dad", "nan", "grandad", "step-dad", "mum's partner", "auntie", "older brother")
SCHOOLS = ("school", "nursery", "the primary school", "the academy", "the infants' school", "college")
AGENCIES = (
    "health visitor", "school nurse", "midwife", "GP", "CAMHS", "police", "housing officer",
    "probation", "drug and alcohol service", "DA support worker", "community paediatrician",
)  # fmt: skip

ACTIONS = {
    "Schedule/attend a meeting": (
        "Book CIN meeting, invite {school} and {agency}",
        "Find a date that suits both parents; offer early evening",
        "Meet with hospital re: discharge plan, then ring {kin}",
        "Send invitations today, ask {agency} for a named deputy",
        "Chair review meeting, agree who holds which action",
        "Professionals' meeting with {school} re: part-time timetable",
        "Network meeting with {kin}; share the one-page plan first",
        "Rearrange cancelled CIN meeting, two dates to be offered",
    ),
    "Write up": (
        "Complete risk assessment",
        "Write up CIN meeting and send minutes to {school} and {agency}",
        "Finish child and family assessment, first draft to PS",
        "Update plan with the three outcomes agreed at the review",
        "Closing summary: what changed, what keeps it going",
        "Write up visits of the last fortnight",
        "Chronology up to date before supervision",
    ),
    "Visit or direct work with child": (
        "See on own at {school}: how do mornings go now?",
        "Three houses with the child, share with {kin}",
        "Joint visit with PS; see bedroom",
        "Feelings scale, repeat from last month",
        "Walk and talk after school, ask what should be different",
        "Draw a day in my life; take to the CIN meeting",
        "See both children at home before the weekend",
    ),
    "Work with parents or carers": (
        "Bedtime routine with {kin}, two-week step they chose",
        "Go with {kin} to first appointment with {agency}",
        "Scaling question with both parents: what makes it that and not lower?",
        "Budget and benefits call together with {kin}",
        "Safety plan with {kin}: who to ring, where to go",
        "Parenting course: agree start date and how to get there",
        "Agree contact times with {kin} in writing",
    ),
    "Engage family or renew consent": (
        "Try an evening visit; ask {kin} to be there",
        "One page in plain words: why we are involved, what would let us stop",
        "Joint call with {school}, whom {kin} trusts",
        "Check consent with both parents, dad lives elsewhere",
        "Unannounced visit, then letter with two dates",
        "Interpreter for the next visit; ask about earlier experience",
    ),
    "Family network plan or FGC": (
        "Family tree with {kin}; who would the child ring?",
        "Refer for family group conference, bottom lines with PS",
        "Ask {kin} about Tuesdays and Thursdays",
        "Write the family's plan in their words, names and days",
        "Ring paternal family, invite to network meeting",
    ),
    "Make a referral": (
        "Referral to young carers, half a page on the difference wanted",
        "Send CAMHS referral; {school} to add their part",
        "Ring {agency} first: age, area, what makes it succeed?",
        "Referral to parenting programme, {kin} agreed on Monday",
        "Refer for short breaks assessment",
        "Housing support referral with {kin}'s consent",
    ),
    "Service to start or report": (
        "Chase {agency} for the start date",
        "Ask for key findings by phone ahead of the report",
        "Position on the waiting list and a named contact, please",
        "Stop-gap while waiting: school mentor twice a week",
        "Speech and language report due; ask {school} for a copy",
    ),
    "Information from partner agency": (
        "Chase {agency} for the two-year check",
        "One question to {agency}: were appointments kept since June?",
        "Attendance and exclusions since half-term from {school}",
        "Police disclosure: dates and outcome only",
        "Manager to manager call with {agency}",
        "Ask {agency} to bring the answer to the next CIN meeting",
    ),
    "Make the plan SMART": (
        "Cut plan to three outcomes; who does what by when",
        "Own line for each child in the plan",
        "Swap services for changes: in bed by 8 on school nights",
        "Add the contingency sentence and tell {kin}",
        "Take finished actions off, rewrite outcome 2 with the family",
    ),
    "Management decision or sign-off": (
        "TM to endorse plan in the case system",
        "Supervision: close or continue? Bring scaling from {kin}",
        "Panel papers to be sent; TM to read first",
        "Decision on step-down, record with reasons",
        "Legal advice booked, PS to attend",
    ),
    "Step down or closure tasks": (
        "Ask early help for a named worker; agree handover date",
        "Closing letter to family, thank-you card to the child",
        "Hold closing meeting with {school}",
        "Trial run: four weeks on the family's plan alone",
        "Hand over the short story to {school}'s lead",
        "Last visit, early signs of slipping agreed with {kin}",
    ),
    "Review risk and threshold": (
        "One page: worried, working well, needs to happen",
        "Reflective discussion with someone new to the case",
        "Chronology for pattern; bring to supervision",
        "Talk through with {agency}: what are we not seeing?",
        "Nine months: tell head of service",
    ),
}
GENERAL_ACTIONS = (
    "Ring {kin}, agree the next step",
    "Discuss in supervision",
    "Ring {school} and {agency}, then update here",
)
# Some rows are long: the table has to bear them.
LONG_ACTIONS = (
    "Joint visit with {agency} on Thursday. Go through the plan line by line with {kin}, say which "
    "outcomes are met and which one still worries us, and agree what the family's own plan covers from "
    "January on. Then ring {school} about transport.",
    "1. Ring {kin} about the missed appointments\n2. Ask {agency} for dates\n"
    "3. Supervision on Friday: is this still the right level?",
)

DONE = (
    "Last action completed",
    "Last action completed, {kin} pleased with how it went",
    "Done, see case record",
    "Meeting held, all came but {agency}",
    "Visit done, child seen alone",
    "Sent, reply awaited",
    "Referral accepted",
    "{School} reports better attendance",
)
NOT_YET = (
    "Rung twice, no reply",
    "Visit moved, family unwell",
    "{Agency} cancelled, new date asked for",
    "On agenda for supervision",
    "Half done",
    "Worker on leave last week",
)
EXTENDED = {7: "Date extended by 1 week", 14: "Date extended by 2 weeks"}

NEW_WORRY = (
    "New worry: {school} reports bruise, explained; plan goes on",
    "{Kin} has moved out, plan needs another look",
    "Step-down meeting held, {agency} not ready to lead",
)
# What a head of service answers.
ANSWERS = (
    "I ring the early help manager this week; expect a named lead by Friday.",
    "Agreed to fund six weeks from the locality's budget. Send me the dates.",
    "Raised at the partnership board. Go on with the family network plan meanwhile.",
    "Please bring it to my surgery on Thursday with the chronology.",
    "I have asked their head of service for a place on the list and a name.",
    "Take threshold advice today and record it; I will back your decision.",
)

# Headings of the two team columns, their choices, and how often a row has a value.
SCHOOL_NAMES = (
    "Larkrise Primary", "Old Quarry School", "Millrace Academy", "Seven Stiles Infants",
    "Beacon Hill College", "Home educated", "Under school age",
)  # fmt: skip
VISIT_PATTERNS = ("Weekly", "Fortnightly", "Four-weekly")

LEGENDS = (
    (("red", "Discuss first"), ("amber", "Date has slipped twice"), ("green", "Ready to close")),
    (("yellow", "New since last meeting"), ("blue", "Waiting for court"), ("purple", "Joint work")),
    (("grey", "Worker on leave"), ("red", "No visit in two weeks"), ("green", "Step-down agreed")),
)
