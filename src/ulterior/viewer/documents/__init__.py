"""The documents: everything that the pages know, as JSON, by name.

Theory of operation. A page never asks a question of a trace. It reads *documents*, made by the modules
beside this one from stored traces and findings, and shows them. The same document is served by the
server, inlined into a single file, or put into a folder as a script, under the same name:

============================ ============================= ==========================================
name                         type                          holds
============================ ============================= ==========================================
``catalog``                  :class:`Catalog`              which studies there are, and what can be done
``runs/STUDY``               :class:`Runs`                 the matrix and one row per episode
``episode/STUDY/EPISODE``    :class:`Replay`               one episode: events, steps, world, findings
``forks/STUDY``              :class:`Forks`                fork experiments with their effects
``flips/A/B``                :class:`Flips`                two studies, paired episode by episode
============================ ============================= ==========================================

``STUDY`` is a key, made from the folder's name; ``EPISODE`` is an episode's full id. ``front/types.js``
says the same to the pages. Text is stored as traces hold it, hostile or not: making it safe to look at
is for whoever shows it (``front/text.js``). Places in a text are code points, as in
:mod:`ulterior.analysis.evidence`. :func:`json_of` writes a document: what a trace may hold, halves of
surrogate pairs and deeply nested values among it, is more than pydantic's own JSON mode takes.
"""

from ulterior.viewer.documents.catalog import Catalog, StudyListed
from ulterior.viewer.documents.flips import Flip, FlipCell, FlipKind, Flips
from ulterior.viewer.documents.forks import Branch, Experiment, ForkContrast, ForkListed, Forks
from ulterior.viewer.documents.replay import (
    About,
    Branching,
    Claim,
    Content,
    ForkOf,
    FunnelMark,
    Proof,
    Question,
    RailFinding,
    Replay,
    Source,
    Step,
    Tone,
    Witness,
)
from ulterior.viewer.documents.runs import Cell, Column, Runs, ScenarioAbout, StudyAbout, Table
from ulterior.viewer.documents.written import json_of

__all__ = [
    "About",
    "Branch",
    "Branching",
    "Catalog",
    "Cell",
    "Claim",
    "Column",
    "Content",
    "Experiment",
    "Flip",
    "FlipCell",
    "FlipKind",
    "Flips",
    "ForkContrast",
    "ForkListed",
    "ForkOf",
    "Forks",
    "FunnelMark",
    "Proof",
    "Question",
    "RailFinding",
    "Replay",
    "Runs",
    "ScenarioAbout",
    "Source",
    "Step",
    "StudyAbout",
    "StudyListed",
    "Table",
    "Tone",
    "Witness",
    "json_of",
]
