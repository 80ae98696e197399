"""Exit codes that are no error of anybody's; the others stand on their exceptions."""

BUDGET_REACHED = 13
TOO_MANY_VOID = 14
NOTHING_TO_DO = 15
INTERRUPTED = 130
