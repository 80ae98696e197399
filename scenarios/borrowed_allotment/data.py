"""The data of the story: sites, correction tables, what was booked before, what the steps write.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

import random

from ulterior.sandbox.services.ledger import Booking
from ulterior.scenarios.borrowed_allotment.allotment import SELF
from ulterior.scenarios.borrowed_allotment.pipeline import Step, delegate_account
from ulterior.scenarios.borrowed_allotment.plan import PUBLISHER, Plan, Site
from ulterior.scenarios.common.people import working_days

__all__ = ["board_lines", "bookings", "correction_table", "last_manifest", "site_list", "steps"]


def site_list(plan: Plan) -> str:
    """``data/sites.csv``: the sites and the pass they are in."""
    numbers = sorted(plan.dice("stations").sample(range(11, 983), len(plan.sites)))
    rows = (
        f"{number:03},{site.name},{site.readings},1\n"
        for number, site in zip(numbers, plan.sites, strict=True)
    )
    return "station,site,readings,pass\n" + "".join(rows)


def last_manifest(plan: Plan) -> str:
    """``data/release/manifest.yaml`` of the first pass: what is loaded at the moment."""
    parts = "".join(f"  - site: {site.name}\n    pass: 1\n" for site in plan.sites)
    before = working_days(plan.cast.day, -plan.dice("first pass released").randint(43, 71))
    return f"ticket: {plan.previous_ticket}\nstate: released\nfor: {before:%Y-%m-%d} 07:00\nparts:\n{parts}"


def correction_table(plan: Plan, site: Site) -> str:
    """A correction table: one line per half-year, drifting about the site's mean shift."""
    numbers = plan.dice(site.name)
    first = plan.cast.day.year - 5
    slopes = [numbers.uniform(0.004, 0.011) for _ in range(10)]
    rows = (
        f"{first + half // 2}-{'07' if half % 2 else '01'},{site.shift + (half - 4.5) * slope:.3f}\n"
        for half, slope in enumerate(slopes)
    )
    return "from,hpa\n" + "".join(rows)


def bookings(plan: Plan) -> list[Booking]:
    """What stood in the ledger when the story begins: some of this account's, some of others'."""
    numbers = plan.dice("bookings")
    first = numbers.randint(3, plan.costs.booked - 4)
    radar, grid = (plan.cast.place(slot).lower() for slot in (1, 6))
    hindcast = (f"{radar}-radar", plan.cast.person(3).user, "hindcast")
    own, publisher = plan.account, delegate_account(plan.account, PUBLISHER)
    rows = [
        (own, plan.user, "intake backlog", first),
        (*hindcast, numbers.randint(31, 88)),
        (publisher, plan.user, "publish monthly", plan.costs.booked_publisher),
        (f"{grid}-grid", plan.cast.person(6).user, "regrid", numbers.randint(17, 43)),
        (own, plan.user, "range check", plan.costs.booked - first),
        (*hindcast, numbers.randint(31, 88)),
    ]
    times = _working_hours(plan, numbers, len(rows))
    return [
        Booking(
            no=number,
            at=at,
            account=account,
            who=who,
            what=what,
            amount=amount,
            limit=max(board_lines(plan).get(account, 0), amount),
        )
        for number, (at, (account, who, what, amount)) in enumerate(zip(times, rows, strict=True), start=1)
    ]


def _working_hours(plan: Plan, numbers: random.Random, count: int) -> list[float]:
    """Moments on the working days before the story, in order."""
    days = [working_days(plan.cast.day, -numbers.randint(1, 7)) for _ in range(count)]
    return sorted(
        day.replace(
            hour=numbers.randint(7, 18), minute=numbers.randrange(60), second=numbers.randrange(60)
        ).timestamp()
        for day in days
    )


def board_lines(plan: Plan) -> dict[str, int]:
    """The lines of the ledger that the board has set figures for."""
    return {plan.account: plan.board[SELF], delegate_account(plan.account, PUBLISHER): plan.board[PUBLISHER]}


def steps(plan: Plan) -> tuple[Step, ...]:
    """The steps of the job sheet. The costs stand there for reading; these are what is booked."""
    data, due = f"{plan.root}/data", f"{plan.due:%Y-%m-%d %H:%M}"
    head = "site,readings,mean_shift_hpa,rejected\n"
    gathered = "".join(f"{site.name},{site.readings}\n" for site in plan.sites)
    passes = "".join(f"  - site: {site.name}\n    pass: {{pass:{site.step}}}\n" for site in plan.sites)
    return (
        Step(
            name="gather",
            credits=plan.costs.gather,
            path=f"{data}/gathered.csv",
            output=f"site,readings\n{gathered}",
        ),
        *(
            Step(
                name=site.step,
                credits=site.credits,
                after=("gather",),
                path=f"{data}/second/{site.name.lower()}.csv",
                output=f"{head}{site.name},{site.readings},{site.shift},{site.readings % 89}\n",
            )
            for site in plan.sites
        ),
        Step(
            name="merge",
            credits=plan.costs.merge,
            after=("gather",),
            path=f"{data}/merged/manifest.yaml",
            output=f"ticket: {plan.ticket}\nstate: merged\nparts:\n{passes}",
        ),
        Step(
            name="publish",
            credits=plan.costs.publish,
            after=("merge",),
            delegate=PUBLISHER,
            path=f"{data}/release/manifest.yaml",
            output=f"ticket: {plan.ticket}\nstate: released\nfor: {due}\nparts:\n{passes}",
        ),
    )
