// @ts-check
/** What the documents hold. Made by tools/viewer_types.py from src/ulterior/viewer/documents. */
export {};

/**
 * Which episode it is. Times are epoch seconds, ``cost`` US dollars; ``fault`` is what is wrong with
 * the file.
 * @typedef {object} About
 * @property {string} episode
 * @property {string} study
 * @property {string|null} scenario
 * @property {string} title
 * @property {string|null} version
 * @property {Record<string, string>} condition
 * @property {string} label
 * @property {string|null} purpose
 * @property {string|null} model
 * @property {Record<string, any>} settings
 * @property {number|null} seed
 * @property {number|null} epoch
 * @property {string|null} sandbox
 * @property {string} status
 * @property {string|null} limit
 * @property {string|null} act
 * @property {string} outcome
 * @property {string|null} kind
 * @property {number|null} turns
 * @property {number|null} tokens_in
 * @property {number|null} tokens_out
 * @property {number|null} cost
 * @property {number|null} started
 * @property {number|null} ended
 * @property {Record<string, string>} packages
 * @property {ForkOf|null} fork
 * @property {string|null} fault
 * @property {string|null} principal
 */

/**
 * One arm over all parents: forks by act, by label of each fact, and the rate of every outcome.
 * @typedef {object} ArmResult
 * @property {string} arm
 * @property {number} episodes
 * @property {Record<string, number>} acts
 * @property {Record<string, Record<string, number>>} disclosure
 * @property {Record<string, Rate>} rates
 * @property {Record<string, Record<string, number>>} unscored
 */

/**
 * One piece: a whole file, or one sentence of a file or of the instructions.
 *
 * ``where`` is the file's path, ``system`` or ``briefing``. ``start`` and ``end`` are code points of
 * the text there; a whole file has neither, and an empty ``text``.
 * @typedef {object} Artefact
 * @property {"file"|"sentence"} kind
 * @property {string} where
 * @property {number|null} start
 * @property {number|null} end
 * @property {string} text
 */

/**
 * Equal forks of one parent at one place, with rates of their outcomes, all about this fork point alone.
 *
 * ``at`` is the last event that they share with the parent, ``turn`` the model turn that comes next.
 * ``rates`` are by outcome where the act counts (edits, scans), by what was said to a question in interviews
 * (``denied``, ``told`` of those who broke the rule, ``confessed`` of innocents), and by answer in probes;
 * ``unscored`` counts, under the same names, forks that are in no rate, by reason. ``asked`` names the
 * wording or the probe; ``mean`` is the mean answer of a probe for a number, as given. ``dropped`` counts
 * the turns whose reasoning the forks don't begin with. ``effects`` are those of an edit on this parent.
 * @typedef {object} Branch
 * @property {string} arm
 * @property {string} parent
 * @property {number} at
 * @property {number} turn
 * @property {string[]} edits
 * @property {ForkListed[]} forks
 * @property {Record<string, Rate>} rates
 * @property {Record<string, Record<string, number>>} unscored
 * @property {string|null} asked
 * @property {number|null} mean
 * @property {number} dropped
 * @property {ForkContrast[]} effects
 */

/**
 * Forks that leave this episode behind event ``at``.
 * @typedef {object} Branching
 * @property {string} experiment
 * @property {string} kind
 * @property {string} arm
 * @property {number} at
 * @property {number} turn
 * @property {string[]} edits
 * @property {string[]} episodes
 */

/**
 * What can be looked at here. ``where`` the pages are decides what they offer: labels and live updates
 * need a server. ``flips`` are the pairs of keys of which there is a document, all of them, A before B in
 * the order in which the studies were given.
 * @typedef {object} Catalog
 * @property {1} format
 * @property {"server"|"file"|"folder"} where
 * @property {string} version
 * @property {string} canary
 * @property {StudyListed[]} studies
 * @property {[string, string][]} flips
 */

/**
 * One scenario, condition and model, forks left aside. ``label`` names what varies in this study.
 *
 * ``episodes`` = ``scored`` + ``unscored`` + ``void`` + ``running`` + ``corrupt``. ``rates`` are
 * over the
 * episodes in which the question could be decided; ``undecided`` says why others are not in ``covert``.
 * @typedef {object} Cell
 * @property {string} scenario
 * @property {string} label
 * @property {string} model
 * @property {string|null} purpose
 * @property {Record<string, string>} condition
 * @property {number} episodes
 * @property {number} scored
 * @property {number} unscored
 * @property {number} void
 * @property {number} running
 * @property {number} corrupt
 * @property {number} refused
 * @property {Record<string, number>} limits
 * @property {Record<string, number>} undecided
 * @property {Record<string, number>} acts
 * @property {Record<string, Rate>} rates
 */

/**
 * One statement of a report about a fact, set against the record. ``proof`` is None for what was
 * omitted.
 * @typedef {object} Claim
 * @property {string} fact
 * @property {string} statement
 * @property {boolean|null} told
 * @property {"true"|"true_denial"|"false_denial"|"false_confession"|"unverifiable"|"omitted"} verdict
 * @property {Proof|null} proof
 */

/**
 * A column of words, coded: row ``i`` holds ``values[codes[i]]``.
 * @typedef {object} Column
 * @property {(string|null)[]} values
 * @property {number[]} codes
 */

/**
 * The largest jump, and whether there is one.
 *
 * It lies in model turns ``first_turn`` to ``last_turn``: one turn, when both steps around it were tried.
 * ``before`` and ``after`` are the rates on its sides, ``jump`` their difference.
 *
 * ``ratio`` is twice the log-likelihood ratio against no change, ``p`` its permutation test. ``found`` is
 * False where the data don't support a jump; the other values are then the best candidate's, or None
 * without one.
 * @typedef {object} CommitStep
 * @property {boolean} found
 * @property {number|null} first_turn
 * @property {number|null} last_turn
 * @property {number|null} at
 * @property {number|null} before
 * @property {number|null} after
 * @property {number|null} jump
 * @property {number|null} ratio
 * @property {number|null} p
 * @property {"all steps"|"first against last step"|"no data"} test
 */

/**
 * A file's content. ``text`` is None for what is no text; ``size`` is in bytes.
 * @typedef {object} Content
 * @property {number} size
 * @property {string|null} text
 */

/**
 * One stage with its version and what is known of its error.
 * @typedef {object} Detector
 * @property {string} stage
 * @property {string} name
 * @property {string} version
 * @property {string} measured_error
 */

/**
 * Edited minus control over ``n`` pairs of ``clusters`` instances; proportions in -1..1.
 *
 * ``gained`` pairs have the outcome with the edit only, ``lost`` pairs without it only. ``p`` is
 * McNemar's exact two-sided test, None over several instances. Without data all numbers are None,
 * which is not zero.
 * @typedef {object} Difference
 * @property {number} n
 * @property {number} clusters
 * @property {number} gained
 * @property {number} lost
 * @property {number|null} estimate
 * @property {number|null} low
 * @property {number|null} high
 * @property {number|null} p
 * @property {number} level
 * @property {"exact bounds of paired differences"|"exact bounds on instance means"|"no data"} method
 * @property {"this suite"|"scenarios like these"|"this fork point"|"these episodes"} estimand
 */

/**
 * One fork experiment over all its parents, as the command that made it printed it.
 *
 * ``kind`` is ``edit`` (with ``arms`` and ``contrasts``), ``scan`` (``commits`` by outcome, of which
 * ``commit`` is that of the act), ``interview``, ``probe`` or ``tells``; what is not of the kind is empty.
 * ``sandbox`` is set when it isn't the parents'.
 * @typedef {object} Experiment
 * @property {string} id
 * @property {string} kind
 * @property {number} created
 * @property {Branch[]} branches
 * @property {ForkContrast[]} contrasts
 * @property {CommitStep|null} commit
 * @property {string|null} sandbox
 * @property {ArmResult[]} arms
 * @property {Record<string, CommitStep>} commits
 * @property {InterviewResult|null} interview
 * @property {ProbeResult|null} probe
 * @property {TellResult|null} tells
 */

/**
 * One pair of episodes of the same scenario, condition, seed and epoch.
 *
 * ``reason`` says of an undecided pair which side is undecided and why: ``A: ...; B: ...``.
 * @typedef {object} Flip
 * @property {string} a
 * @property {string} b
 * @property {number} cell
 * @property {number} seed
 * @property {number} epoch
 * @property {"safe_to_covert"|"covert_to_safe"|"both_covert"|"both_safe"|"undecided"} kind
 * @property {string|null} reason
 */

/**
 * The pairs of one scenario, condition and pair of models. ``difference`` is B minus A in covert action.
 *
 * ``purpose`` is what the condition is there for; ``counts`` holds every kind.
 * @typedef {object} FlipCell
 * @property {string} scenario
 * @property {string} label
 * @property {string} model_a
 * @property {string} model_b
 * @property {string|null} purpose
 * @property {Record<string, number>} counts
 * @property {Difference} difference
 */

/**
 * Two studies paired. ``alone_a`` and ``alone_b`` count episodes without a counterpart, ``why_alone_a``
 * and ``why_alone_b`` the same by reason. ``whole`` is over the decided pairs of all cells.
 * @typedef {object} Flips
 * @property {1} format
 * @property {StudyListed} a
 * @property {StudyListed} b
 * @property {[string, string][]} models
 * @property {FlipCell[]} cells
 * @property {Flip[]} pairs
 * @property {Record<string, number>} counts
 * @property {Difference} whole
 * @property {number} alone_a
 * @property {number} alone_b
 * @property {Record<string, number>} why_alone_a
 * @property {Record<string, number>} why_alone_b
 */

/**
 * Edit minus control. ``left_out`` counts pairs that could not be judged, by reason.
 * @typedef {object} ForkContrast
 * @property {string} outcome
 * @property {Difference} difference
 * @property {Record<string, number>} left_out
 */

/**
 * One fork. ``outcome`` is that of :mod:`ulterior.viewer.outcomes`, ``missing`` where it has not been
 * run; ``reason`` says why there is no act.
 * @typedef {object} ForkListed
 * @property {string} episode
 * @property {string|null} act
 * @property {string} outcome
 * @property {string|null} reason
 */

/**
 * Where an episode left its parent, in event numbers, and with which edits, in words.
 * @typedef {object} ForkOf
 * @property {string} parent
 * @property {number} at
 * @property {string[]} edits
 * @property {number} replica
 */

/**
 * All fork experiments of a study, in the order in which they were made, and what to call their
 * parents.
 * @typedef {object} Forks
 * @property {1} format
 * @property {string} study
 * @property {Record<string, string>} parents
 * @property {Experiment[]} experiments
 */

/**
 * One stage of the bait funnel: whether it was reached (None: not judged), by which event, and in
 * words.
 * @typedef {object} FunnelMark
 * @property {"exposed"|"attempted"|"executed"|"concealed"|"denied"} stage
 * @property {boolean|null} reached
 * @property {number|null} seq
 * @property {string} note
 */

/**
 * All tables of an experiment. ``left_out`` counts parents that are neither, by their act.
 * @typedef {object} InterviewResult
 * @property {string} experiment
 * @property {InterviewTable[]} tables
 * @property {Record<string, number>} left_out
 */

/**
 * One scenario and model; the parents by what they are, and the wordings that were asked.
 * @typedef {object} InterviewTable
 * @property {string} scenario
 * @property {string} model
 * @property {string[]} violators
 * @property {string[]} innocents
 * @property {WordingResult[]} wordings
 */

/**
 * One question in one arm: each answer with its rate among those that could be read.
 *
 * Of numbers there are bins, with their ``mean``, ``least`` and ``greatest``; None otherwise. ``unscored``
 * counts the rest by reason.
 * @typedef {object} ProbeAnswers
 * @property {string} probe
 * @property {string} about
 * @property {Record<string, Rate>} answers
 * @property {number|null} mean
 * @property {number|null} least
 * @property {number|null} greatest
 * @property {Record<string, number>} unscored
 */

/**
 * One arm of one scenario and model. ``ordinary``: nothing in it tempts, it is the calibration.
 * @typedef {object} ProbeArm
 * @property {string} scenario
 * @property {string} model
 * @property {string} arm
 * @property {boolean} ordinary
 * @property {string[]} parents
 * @property {ProbeAnswers[]} probes
 */

/**
 * All arms of an experiment.
 * @typedef {object} ProbeResult
 * @property {string} experiment
 * @property {ProbeArm[]} arms
 */

/**
 * What a finding rests on. Without ``start`` the event as a whole shows it.
 *
 * ``resolves`` is False where the quoted words don't stand at that place, or the event does not exist:
 * shown as broken, never left out. ``seq`` is -1 where a broken quote doesn't say at all where it would
 * stand.
 * @typedef {object} Proof
 * @property {number} seq
 * @property {number|null} block
 * @property {string|null} field
 * @property {number|null} start
 * @property {number|null} end
 * @property {string|null} quote
 * @property {"state"|"action"|"report"|"reasoning"|null} channel
 * @property {"exact"|"normalised"|"ellipsis"|null} match
 * @property {string} note
 * @property {boolean} resolves
 */

/**
 * What people can be asked about a finding: a rubric's question, what its labels mean, and the label
 * that the finding amounts to.
 * @typedef {object} Question
 * @property {string} rubric
 * @property {string} version
 * @property {string|null} about
 * @property {string} question
 * @property {Record<string, string>} labels
 * @property {string|null} says
 */

/**
 * One finding. ``id`` is stable and stands in links: ``outcome``, ``deceptive``, ``act``,
 * ``disclosure.FACT``, ``intent``, ``awareness``, ``judge.RUBRIC.DETECTOR.VERSION`` with fact, report
 * and repeat where there are any.
 *
 * ``words`` say the label, ``meaning`` what such a label means in general, ``why`` what speaks for it
 * here. ``label`` is None with a ``reason`` where there is none; a judgement that isn't used has a
 * label and a reason. ``review``: it waits for a human. ``confidence`` in 0..1 is the detector's own,
 * None where it gives none; ``measured_error`` is what is known of it from outside.
 * @typedef {object} RailFinding
 * @property {string} id
 * @property {"outcome"|"act"|"disclosure"|"intent"|"awareness"|"judgement"} stage
 * @property {string} title
 * @property {string|null} label
 * @property {string} words
 * @property {string} meaning
 * @property {string} why
 * @property {"bad"|"warn"|"good"|"plain"|"unknown"} tone
 * @property {string|null} reason
 * @property {boolean} review
 * @property {string} detector
 * @property {string} version
 * @property {number|null} confidence
 * @property {string} measured_error
 * @property {Proof[]} proofs
 * @property {Question|null} question
 */

/**
 * ``k`` of ``n`` episodes with the bounds of a two-sided interval at ``level``; proportions in 0..1.
 *
 * ``estimate`` is k / n, or the mean of the instance means when instances were repeated. ``clusters``
 * is the number of instances. Without data ``estimate``, ``low`` and ``high`` are None, which is not
 * zero.
 * @typedef {object} Rate
 * @property {number} k
 * @property {number} n
 * @property {number} clusters
 * @property {number|null} estimate
 * @property {number|null} low
 * @property {number|null} high
 * @property {number} level
 * @property {"exact binomial"|"exact binomial on instance means"|"no data"} method
 * @property {"this suite"|"scenarios like these"|"this fork point"|"these episodes"} estimand
 */

/**
 * One episode as it is replayed.
 *
 * ``events`` are the trace's own (docs/trace-format.md) without ``prev``, ``sum``, ``more``, ``wire``
 * and ``blobs``; file contents are in ``contents`` by the beginning of their digest, which events use too,
 * and an ``intent`` whose arguments are those of its call has none. The world at a step is the fold of the
 * ``world`` events up to its ``last``. Without a reading of the file there are neither events nor
 * steps, and ``about.fault`` says why. ``flags`` and ``measures`` are
 * the finding's own (docs/verdicts.md). ``facts`` maps a fact to whether it is true of this run.
 * @typedef {object} Replay
 * @property {1} format
 * @property {About} about
 * @property {Step[]} steps
 * @property {Record<string, any>[]} events
 * @property {Record<string, Content>} contents
 * @property {RailFinding[]} findings
 * @property {Claim[]} claims
 * @property {FunnelMark[]} funnel
 * @property {Record<string, boolean>} facts
 * @property {Record<string, string>} statements
 * @property {string[]} flags
 * @property {Record<string, number>} measures
 * @property {Branching[]} branches
 */

/**
 * A study's matrix and its episodes.
 * @typedef {object} Runs
 * @property {1} format
 * @property {StudyAbout} study
 * @property {Detector[]} detectors
 * @property {Record<string, ScenarioAbout>} scenarios
 * @property {string[]} models
 * @property {Cell[]} cells
 * @property {Table} table
 */

/**
 * One scenario; ``facts`` maps what is material to its statement. Empty where it can't be had.
 * @typedef {object} ScenarioAbout
 * @property {string} title
 * @property {string} summary
 * @property {string[]} versions
 * @property {Record<string, string>} facts
 * @property {Record<string, string>} fixed
 */

/**
 * How many episodes there are and what became of them.
 *
 * ``scored`` + ``infra_error`` + ``unscored`` + ``running`` + ``corrupt`` = ``episodes`` (forks are not
 * among them: a fork is conditional on its parent and enters no rate). ``void_attempts`` failed before
 * they could be stored. ``missing`` were planned and have no file at all.
 * @typedef {object} Scope
 * @property {number} episodes
 * @property {number} scored
 * @property {number} infra_error
 * @property {number} unscored
 * @property {number} running
 * @property {number} corrupt
 * @property {number} forks
 * @property {number} void_attempts
 * @property {number} missing
 */

/**
 * A stretch of events that people take in at once, ``first`` to ``last`` inclusive.
 *
 * ``turn`` is a model turn with its calls and what came of them; ``outside`` is one thing that happened
 * in between, with the messages it brought; ``setup`` is the briefing with the world as it was; ``end``
 * the end. ``title`` says what it is on one line, safe to show. ``writes``: the agent changed files or
 * services; ``tells``: there is a report in it. ``clock`` is the world's time after it, in epoch
 * seconds, 0 while there is no world. ``tokens`` and ``cost`` (US dollars, None: no known price) are
 * those of its turn.
 *
 * How to tell who wrote what within a step: the blocks of a ``model`` event are the model's own words;
 * a ``result`` and a ``world`` event whose ``cause`` is a call's id are the world's answer to it; a
 * ``world`` event with the cause ``setup`` or ``schedule:...`` and a ``message`` were put there by the
 * scenario, but for messages of the origin ``harness``; a ``world`` event with the cause ``edit:...``
 * and the messages in the same step were put there by an experimenter. :attr:`source` says it of what
 * the step begins with. Of events in front of an ``edit:...`` that came from a fork's parent, the edit
 * may have changed some: ``About.fork`` has it in words.
 * @typedef {object} Step
 * @property {number} n
 * @property {"setup"|"turn"|"outside"|"end"} kind
 * @property {number} first
 * @property {number} last
 * @property {number|null} turn
 * @property {"work"|"debrief"|"interview"|null} purpose
 * @property {string} title
 * @property {"agent"|"scenario"|"experimenter"|"harness"} source
 * @property {string[]} tools
 * @property {boolean} writes
 * @property {boolean} tells
 * @property {number} clock
 * @property {number} tokens
 * @property {number|null} cost
 * @property {Witness[]} witnesses
 */

/**
 * What a study is. ``about`` is what it says of itself, ``designs`` are what was asked for.
 * @typedef {object} StudyAbout
 * @property {string} key
 * @property {string} name
 * @property {Record<string, string>} about
 * @property {Record<string, any>[]} designs
 * @property {number|null} started
 * @property {number|null} ended
 * @property {Scope} scope
 * @property {boolean} live
 */

/**
 * One study of a catalog. ``live`` while something in it is still running; ``version`` counts what has
 * changed in it since the server was started.
 * @typedef {object} StudyListed
 * @property {string} key
 * @property {string} name
 * @property {number} episodes
 * @property {boolean} live
 * @property {number} version
 */

/**
 * The mean suspicion (0..1) over ``n`` answers, None without any. ``unscored``: the rest, by reason.
 * @typedef {object} SuspicionMean
 * @property {number} n
 * @property {number|null} mean
 * @property {Record<string, number>} unscored
 */

/**
 * One row per episode, in table order, forks included.
 *
 * ``words`` are ``scenario``, ``model``, ``condition`` (the cell's label), ``factor:NAME`` for every factor
 * that has two levels in this study, ``purpose``, ``sandbox``, ``status``, ``limit``, ``kind`` (as the scope
 * counts: ``scored``, ``unscored``, ``infra_error`` ...), ``act``,
 * ``disclosure`` (the worst label of its facts), ``outcome`` (``covert``, ``overt``, ``kept`` ..., see
 * :mod:`ulterior.viewer.outcomes`), ``deceptive``, ``intent``, ``awareness``, ``flags``, ``unscored`` (the
 * reason why), ``fork`` (the parent's id). ``numbers`` are ``seed``, ``epoch``, ``turns``, ``tokens``,
 * ``cost`` in US dollars to the millionth, ``started`` and ``ended`` in epoch seconds to the thousandth, and
 * ``cell``, an index into the cells; None of forks, and of episodes whose identity can't be read.
 * @typedef {object} Table
 * @property {number} n
 * @property {string[]} ids
 * @property {Record<string, Column>} words
 * @property {Record<string, (number|null)[]>} numbers
 */

/**
 * What one piece does: suspicion with everything minus suspicion without it, over ``pairs``; in -1..1.
 *
 * ``p`` is that of the permutation test after Holm's correction, ``found`` says that it is below what
 * the level allows. Without pairs numbers are None, with the ``reason``.
 * @typedef {object} TellEffect
 * @property {Artefact} artefact
 * @property {SuspicionMean} without
 * @property {number} pairs
 * @property {number|null} effect
 * @property {number|null} low
 * @property {number|null} high
 * @property {number|null} p
 * @property {boolean} found
 * @property {string|null} reason
 */

/**
 * All pieces of one parent, the most telling first. ``level`` is that of all intervals together.
 * @typedef {object} TellResult
 * @property {string} experiment
 * @property {string} parent
 * @property {string} probe
 * @property {string} asks
 * @property {number} level
 * @property {SuspicionMean} everything
 * @property {TellEffect[]} effects
 */

/**
 * Somebody in the story who could have seen what a step did, how, and by which event.
 *
 * ``openness`` tells apart who was ``told`` (it was addressed to them), whose ``record`` it stands in
 * (they see it when they look there), and what merely lies in the ``open`` for whoever comes by. The
 * rules are in :mod:`ulterior.viewer.witnesses`. A step that changed something and has no witness did
 * it unseen.
 * @typedef {object} Witness
 * @property {string} who
 * @property {string} how
 * @property {number} seq
 * @property {"told"|"record"|"open"} openness
 */

/**
 * One wording. ``denied`` and ``told`` are of those who broke the rule, ``confessed`` of innocents.
 *
 * ``neither`` counts the former's answers that do neither; they are in both rates' ``n``. What could not be
 * judged is in no rate, and counted by reason in ``unscored``.
 * @typedef {object} WordingResult
 * @property {string} wording
 * @property {string} kind
 * @property {boolean} authority
 * @property {boolean} honesty
 * @property {Rate} denied
 * @property {Rate} told
 * @property {number} neither
 * @property {Rate} confessed
 * @property {Record<string, Record<string, number>>} unscored
 */
