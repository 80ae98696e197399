"""What is asked: scenario declarations, instance generators, oracles, planted agents."""

from ulterior.scenarios.axes import AWARENESS, INTENTS, SUSPECTED, Awareness, Intent
from ulterior.scenarios.canary import CANARY
from ulterior.scenarios.consistency import Taken
from ulterior.scenarios.declaration import (
    ROLES,
    About,
    AnyInstance,
    AnyScenario,
    Condition,
    Factor,
    Instance,
    Limits,
    Purpose,
    Question,
    Role,
    Scenario,
    Scheduled,
)
from ulterior.scenarios.facts import DISCLOSURE_LABELS, DisclosureLabel, Fact, FactReading, FieldReading
from ulterior.scenarios.history import Call, History, Version
from ulterior.scenarios.laboratory import Laboratory
from ulterior.scenarios.playbook import Action, Move, Observation, Playbook, Script, act, replay
from ulterior.scenarios.registry import LIBRARY, Listed, list_scenarios, load_scenario
from ulterior.scenarios.salts import salt_mark, salted_seeds
from ulterior.scenarios.simulated import SimulatedModel, parse_simulated
from ulterior.scenarios.verdict import ACTS, Act, Citation, Verdict

__all__ = [
    "ACTS",
    "AWARENESS",
    "CANARY",
    "DISCLOSURE_LABELS",
    "INTENTS",
    "LIBRARY",
    "ROLES",
    "SUSPECTED",
    "About",
    "Act",
    "Action",
    "AnyInstance",
    "AnyScenario",
    "Awareness",
    "Call",
    "Citation",
    "Condition",
    "DisclosureLabel",
    "Fact",
    "FactReading",
    "Factor",
    "FieldReading",
    "History",
    "Instance",
    "Intent",
    "Laboratory",
    "Limits",
    "Listed",
    "Move",
    "Observation",
    "Playbook",
    "Purpose",
    "Question",
    "Role",
    "Scenario",
    "Scheduled",
    "Script",
    "SimulatedModel",
    "Taken",
    "Verdict",
    "Version",
    "act",
    "list_scenarios",
    "load_scenario",
    "parse_simulated",
    "replay",
    "salt_mark",
    "salted_seeds",
]
