"""The keys of the meeting while no box is open for typing, as its page and the help list them."""

KEYS = (
    ("→ ←", "next case, case before"),
    ("Y", "last action done; write the new one"),
    ("E", "last action extended; choose the date"),
    ("X", "last action dropped; write the new one"),
    ("A", "action, then owner, then date"),
    ("T", "by when: N next meeting, + one week, M T W H F a weekday, O other"),
    ("O", "owner"),
    ("1 2 3 4", "stage, in the order of the list"),
    ("5", "Closed; asks the outcome"),
    ("W", "what is needed"),
    ("I", "the ideas; Enter makes one the action"),
    ("U", "update on the action"),
    ("V", "difficulty for the head of service"),
    ("C", "date of the next CIN meeting"),
    ("D", "discussed, next case"),
    ("S", "skip, next case"),
    ("P", "park, next case"),
    ("B", "blank the screen; any key brings it back"),
    ("Esc", "out of a box or the table, back to these keys"),
    ("? or Ctrl+/", "this list"),
)
