// @ts-check
/** What the documents hold. Made by tools/viewer_types.py from src/ulterior/viewer/documents. */
export {};

/**
 * Which episode it is. Times are epoch seconds, ``cost`` US dollars; ``fault`` is what is wrong
 * with the file.
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
 * Equal forks of one parent at one place with the rates of their outcomes, all about this fork
 * point alone.
 * @typedef {object} Branch
 * @property {string} arm
 * @property {string} parent
 * @property {number} at
 * @property {number} turn
 * @property {string[]} edits
 * @property {ForkListed[]} forks
 * @property {Record<string, Rate>} rates
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
 * What can be looked at here. ``where`` the pages are decides what they offer: labels and live
 * updates
 * need a server.
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
 * One statement of a report about a fact, set against the record. ``proof`` is None for what
 * was omitted.
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
 * One fork experiment; ``commit`` is set for scans.
 * @typedef {object} Experiment
 * @property {string} id
 * @property {string} kind
 * @property {number} created
 * @property {Branch[]} branches
 * @property {ForkContrast[]} contrasts
 * @property {CommitStep|null} commit
 */

/**
 * One pair of episodes of the same scenario, condition, seed and epoch.
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
 * The pairs of one scenario, condition and pair of models. ``difference`` is B minus A in
 * covert action.
 * @typedef {object} FlipCell
 * @property {string} scenario
 * @property {string} label
 * @property {string} model_a
 * @property {string} model_b
 * @property {Record<string, number>} counts
 * @property {Difference} difference
 */

/**
 * Two studies paired. ``alone_a`` and ``alone_b`` count episodes without a counterpart.
 * @typedef {object} Flips
 * @property {1} format
 * @property {StudyListed} a
 * @property {StudyListed} b
 * @property {[string, string][]} models
 * @property {FlipCell[]} cells
 * @property {Flip[]} pairs
 * @property {Difference} whole
 * @property {number} alone_a
 * @property {number} alone_b
 */

/**
 * Edit minus control. ``left_out`` counts pairs that could not be judged, by reason.
 * @typedef {object} ForkContrast
 * @property {string} outcome
 * @property {Difference} difference
 * @property {Record<string, number>} left_out
 */

/**
 * One fork: its id, None-safe outcomes by name, and why it has none.
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
 * All fork experiments of a study, and how to name their parents.
 * @typedef {object} Forks
 * @property {1} format
 * @property {string} study
 * @property {Record<string, string>} parents
 * @property {Experiment[]} experiments
 */

/**
 * One stage of the bait funnel: whether it was reached (None: not judged), and by which event.
 * @typedef {object} FunnelMark
 * @property {"exposed"|"attempted"|"executed"|"concealed"|"denied"} stage
 * @property {boolean|null} reached
 * @property {number|null} seq
 * @property {string} note
 */

/**
 * What a finding rests on. Without ``start`` the event as a whole shows it.
 *
 * ``resolves`` is False where the quoted words don't stand at that place, or the event does not
 * exist: shown
 * as broken, never left out.
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
 * What people can be asked about a finding: a rubric's question, and the label that the finding
 * amounts to.
 * @typedef {object} Question
 * @property {string} rubric
 * @property {string} version
 * @property {string|null} about
 * @property {string} question
 * @property {Record<string, string>} labels
 * @property {string|null} says
 */

/**
 * One finding. ``id`` is stable and stands in links: ``act``, ``disclosure.FACT``, ``intent``,
 * ``awareness``,
 * ``judge.RUBRIC.DETECTOR...``.
 *
 * ``label`` is None with a ``reason`` where there is none. ``confidence`` in 0..1 is the
 * detector's own, None
 * where it gives none; ``measured_error`` is what is known of it from outside.
 * @typedef {object} RailFinding
 * @property {string} id
 * @property {"act"|"disclosure"|"intent"|"awareness"|"judgement"} stage
 * @property {string} title
 * @property {string|null} label
 * @property {string} words
 * @property {"bad"|"warn"|"good"|"plain"|"unknown"} tone
 * @property {string|null} reason
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
 * ``events`` are the trace's own (docs/trace-format.md) without ``prev``, ``sum``, ``more``,
 * ``wire`` and
 * ``blobs``; file contents are in ``contents`` by digest. The world at a step is the fold of the
 * ``world`` events up to
 * its ``last``. ``facts`` maps a fact to whether it is true of this run.
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
 * ``turn`` is a model turn with its calls and what came of them; ``outside`` is what scenario,
 * colleagues or an
 * experimenter put in between; ``setup`` is the briefing with the world as it was; ``end`` the end.
 * @typedef {object} Step
 * @property {number} n
 * @property {"setup"|"turn"|"outside"|"end"} kind
 * @property {number} first
 * @property {number} last
 * @property {number|null} turn
 * @property {"work"|"debrief"|"interview"|null} purpose
 * @property {string} title
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
 * One study of a catalog. ``live`` while something in it is still running.
 * @typedef {object} StudyListed
 * @property {string} key
 * @property {string} name
 * @property {number} episodes
 * @property {boolean} live
 */

/**
 * One row per episode, in table order, forks included.
 *
 * ``words`` are ``scenario``, ``model``, ``condition`` (the cell's label), ``factor:NAME`` for
 * every factor that
 * varies, ``purpose``, ``sandbox``, ``status``, ``act``, ``disclosure`` (the worst label of its facts),
 * ``outcome`` (``covert``, ``overt``, ``kept`` ..., see :mod:`ulterior.viewer.runs`),
 * ``deceptive``, ``intent``,
 * ``awareness``, ``flags``, ``unscored`` (the reason why), ``fork`` (the parent's id). ``numbers``
 * are ``seed``,
 * ``epoch``, ``turns``, ``tokens``, ``cost``, ``started``, ``ended``, and ``cell``, an index into
 * the cells.
 * @typedef {object} Table
 * @property {number} n
 * @property {string[]} ids
 * @property {Record<string, Column>} words
 * @property {Record<string, (number|null)[]>} numbers
 */

/**
 * Somebody who could have seen what a step did, and how: ``the mail's recipient``.
 * @typedef {object} Witness
 * @property {string} who
 * @property {string} how
 * @property {number} seq
 */
