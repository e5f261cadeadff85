"""Comparisons go round by round, and other work on the machine spoils a round."""

import statistics

from programs import wait_until_quiet

# A round in which others took more of the processors than this is repeated when there is time.
DISTURBED = 0.03


def rounds_of(count, once, patience):
    """Runs `once` until `count` rounds were undisturbed, at most twice as often; answers the quietest and the worst of them.
    Without patience the first rounds count as they are.

    `once` answers (figures, share of the processors that others took)."""
    done = []
    most = 2 * count if patience > 0 else count
    while sum(foreign <= DISTURBED for _, foreign in done) < count and len(done) < most:
        wait_until_quiet(patience)
        done.append(once())
    done.sort(key=lambda one: one[1])
    return [figures for figures, _ in done[:count]], done[:count][-1][1]


def median(rounds, name):
    return statistics.median(figures[name] for figures in rounds)
