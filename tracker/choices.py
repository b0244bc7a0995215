"""What is fixed: the five stages of the guide, the states of a row, its colours, the kinds of change."""

from django.db import models


class Stage(models.TextChoices):
    """The guide's five stages, worded as there. Locked: nobody adds or renames one (ADR 0001)."""

    AWAITING = "awaiting", "Awaiting first CIN meeting"
    UNDERWAY = "underway", "Intervention underway"
    IDENTIFIED = "identified", "Identified for potential closure"
    DECIDED = "decided", "Decided to close"
    CLOSED = "closed", "Closed"


OPEN_STAGES = (Stage.AWAITING, Stage.UNDERWAY, Stage.IDENTIFIED, Stage.DECIDED)
EXPECTED_CLOSURES = (Stage.IDENTIFIED, Stage.DECIDED)
STAGE_NOT_SET = "Stage not set"


class RowState(models.TextChoices):
    """Where a row is: on the tracker, in the Closed list, or removed as added by mistake."""

    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
    REMOVED = "removed", "Removed"


class Colour(models.TextChoices):
    """The palette of row colours; the look of each is in static/css/tokens.css."""

    NONE = "", "No colour"
    RED = "red", "Red"
    AMBER = "amber", "Amber"
    YELLOW = "yellow", "Yellow"
    GREEN = "green", "Green"
    BLUE = "blue", "Blue"
    PURPLE = "purple", "Purple"
    GREY = "grey", "Grey"


class Density(models.TextChoices):
    """How close the rows of the table stand, for one person."""

    COMPACT = "compact", "Compact"
    NORMAL = "normal", "Normal"
    MEETING = "meeting", "Meeting"


class ChangeKind(models.TextChoices):
    """What a history entry tells of."""

    SET = "set", "changed"
    ADD = "add", "added"
    CLOSE = "close", "closed"
    REOPEN = "reopen", "reopened"
    REMOVE = "remove", "removed"
    RESTORE = "restore", "restored"
    COLUMN = "column", "changed a column"
    ANSWER = "answer", "answered"


class ColumnKind(models.TextChoices):
    """What a team's own column holds."""

    TEXT = "text", "Text"
    DATE = "date", "Date"
    CHOICE = "choice", "Choice"
    TICK = "tick", "Tick"


class Why(models.TextChoices):
    """Why a case stands where it stands on a meeting's list; in the order of the list."""

    OVERDUE = "overdue", "Action overdue"
    NOT_REACHED = "missed", "Not reached last time"
    ANSWERED = "answered", "Difficulty answered"
    CIN_MEETING = "meeting", "CIN meeting near or passed"
    INCOMPLETE = "incomplete", "No action, owner or date"
    STUCK = "stuck", "Stuck"
    NEW = "new", "New"
    REST = "rest", "On track"


class Result(models.TextChoices):
    """What became of a case in a meeting."""

    DISCUSSED = "discussed", "Discussed"
    SKIPPED = "skipped", "Skipped"
    PARKED = "parked", "Parked"
    NOT_REACHED = "missed", "Not reached"


class LastAction(models.TextChoices):
    """What became of the action that stood there when the meeting came to the case."""

    DONE = "done", "Done"
    EXTENDED = "extended", "Extended"
    DROPPED = "dropped", "Dropped"
