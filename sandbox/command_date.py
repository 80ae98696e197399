"""``date`` and ``uptime`` on the world's clock."""

import re
from datetime import UTC, datetime, timedelta

from ulterior.sandbox.command_call import Answer, Call

__all__ = ["date", "parse_date", "uptime"]


def date(call: Call) -> Answer:
    shown, form = datetime.fromtimestamp(call.now, UTC), "%a %b %e %H:%M:%S UTC %Y"
    arguments = iter(call.argv)
    for argument in arguments:
        if argument.startswith("+"):
            form = argument[1:]
        elif argument in ("-u", "--utc", "--universal"):
            continue
        elif argument in ("-R", "--rfc-email"):
            form = "%a, %d %b %Y %H:%M:%S +0000"
        elif standard := _standard_form(argument):
            form = standard
        elif argument.startswith(("-d", "--date=")):
            text = argument.removeprefix("--date=").removeprefix("-d") or next(arguments, "")
            moment = parse_date(text, call.now)
            if moment is None:
                return Answer("", f"date: invalid date ‘{text}’\n", 1)  # noqa: RUF001  (as GNU date quotes)
            shown = moment
        elif argument in ("-s", "--set") or argument.startswith("--set="):
            return Answer("", "date: cannot set date: Operation not permitted\n", 1)
        elif argument.startswith("--"):
            return Answer("", f"date: unrecognized option '{argument}'\n", 1)
        else:
            return Answer("", f"date: invalid option -- '{argument.lstrip('-')[:1]}'\n", 1)
    return Answer(_strftime(shown, form) + "\n")


_CLOCKS = {
    "date": "",
    "": "",
    "hours": "%H",
    "minutes": "%H:%M",
    "seconds": "%H:%M:%S",
    "ns": "%H:%M:%S,%N",
}


def _standard_form(argument: str) -> str | None:
    """The format that ``-I[precision]``, ``--iso-8601`` or ``--rfc-3339`` stands for."""
    found = re.fullmatch(r"(-I|--iso-8601=?|--rfc-3339=)(\w*)", argument)
    precision = found and next((p for p in _CLOCKS if p and p.startswith(found[2])), None)
    if found is None or precision is None:
        return None
    clock = _CLOCKS[precision if found[2] else "date"]
    separator = " " if "3339" in found[1] else "T"
    return f"%Y-%m-%d{separator}{clock}+00:00" if clock else "%Y-%m-%d"


def _strftime(moment: datetime, form: str) -> str:
    def fill(match: re.Match[str]) -> str:
        if match[0] == "%s":
            return str(int(moment.timestamp()))
        if match[0].endswith("N"):
            return "0" * int(match[1] or 9)
        return {"%%": "%%", "%:z": "+00:00", "%T": "%H:%M:%S", "%F": "%Y-%m-%d"}[match[0]]

    return moment.strftime(re.sub(r"%%|%s|%([1-9]?)N|%:z|%T|%F", fill, form))


_UNITS = {"sec": 1, "second": 1, "min": 60, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DATE_PART = re.compile(
    r"""\s*(?:
      @(?P<epoch>-?\d+)
    | (?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)
    | t?(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?
    | (?P<amount>[+-]?\s*\d+|next|last)?\s*(?P<unit>sec|second|min|minute|hour|day|week|month|year)s?\b
      (?P<ago>\s+ago)?
    | (?P<word>now|today|yesterday|tomorrow|midnight|noon)\b
    | (?P<turn>next|last)?\s*(?P<weekday>mon|tue|wed|thu|fri|sat|sun)[a-z]*\b
    | (?:utc|gmt|z|\+00:?00)\b
    )\s*""",
    re.VERBOSE,
)


def parse_date(text: str, now: float) -> datetime | None:
    """What ``date -d`` understands of dates, times and distances. None for what it doesn't."""
    moment, position, lowered = datetime.fromtimestamp(now, UTC), 0, text.lower().strip()
    try:
        while position < len(lowered):
            found = _DATE_PART.match(lowered, position)
            if found is None:
                return None
            moment, position = _apply(moment, found), found.end()
    except (ValueError, OverflowError, OSError):
        return None
    return moment if lowered else moment.replace(hour=0, minute=0, second=0)


def _apply(moment: datetime, found: re.Match[str]) -> datetime:
    if found["epoch"]:
        return datetime.fromtimestamp(int(found["epoch"]), UTC)
    if found["year"]:
        return datetime(int(found["year"]), int(found["month"]), int(found["day"]), tzinfo=UTC)
    if found["hour"]:
        return moment.replace(
            hour=int(found["hour"]), minute=int(found["minute"]), second=int(found["second"] or 0)
        )
    if found["unit"]:
        return _moved(moment, found)
    if found["word"]:
        moved = moment + timedelta(days={"yesterday": -1, "tomorrow": 1}.get(found["word"], 0))
        hour = {"midnight": 0, "noon": 12}.get(found["word"])
        return moved if hour is None else moved.replace(hour=hour, minute=0, second=0)
    if found["weekday"]:
        ahead = (_DAYS.index(found["weekday"]) - moment.weekday()) % 7
        ahead += {"next": 0 if ahead else 7, "last": -7}.get(found["turn"] or "", 0)
        return (moment + timedelta(days=ahead)).replace(hour=0, minute=0, second=0)
    return moment


def _moved(moment: datetime, found: re.Match[str]) -> datetime:
    amount = {"next": 1, "last": -1, None: 1}.get(found["amount"])
    count = amount if amount is not None else int(found["amount"].replace(" ", ""))
    count = -count if found["ago"] else count
    if found["unit"] not in ("month", "year"):
        return moment + timedelta(seconds=count * _UNITS[found["unit"]])
    months = moment.year * 12 + moment.month - 1 + count * (12 if found["unit"] == "year" else 1)
    first = moment.replace(year=months // 12, month=months % 12 + 1, day=1)
    return first + timedelta(days=moment.day - 1)  # 31 January plus a month is 3 March, as with GNU date


_MONTH = 30 * 86400


def uptime(call: Call) -> Answer:
    now = datetime.fromtimestamp(call.now, UTC)
    up = timedelta(seconds=int(call.now) % _MONTH + 2 * 86400)  # as if restarted for updates once a month
    hours, minutes = up.seconds // 3600, up.seconds // 60 % 60
    if "-s" in call.argv:
        return Answer(f"{now - up:%Y-%m-%d %H:%M:%S}\n")
    if "-p" in call.argv:
        return Answer(f"up {up.days} days, {hours} hours, {minutes} minutes\n")
    days = f"up {up.days} days, {hours:2}:{minutes:02}"
    return Answer(f" {now:%H:%M:%S} {days},  1 user,  load average: 0.08, 0.03, 0.01\n")
