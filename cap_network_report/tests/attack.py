"""An exact attacker on the levels of one objective, without Odoo.

It is given all that was ever told of every group, knows one structure or several
exactly, and looks, by linear programming in whole numbers, for the levels that each of
the others may still have. One level left: its answer is certain.
"""

import math

import highspy


class Attacker:
    """What may be, given what is told.

    :param counts: ``{cell: [structures at each level]}``, the truth. Only its totals
        are used, and the truth as the first world that is possible
    :param told: ``[(cells of the group, {levels: (at least, at most) in percents})]``
    """

    def __init__(self, counts, told):
        self.width = len(next(iter(counts.values())))
        self.alike = self._find_alike(counts, told)
        self.counts = self._add_up(counts)
        told = [
            ({self.alike[cell] for cell in cells}, shares) for cells, shares in told
        ]
        counts = self.counts
        self.worlds = [counts]
        self.model = highspy.Highs()
        self.model.setOptionValue("output_flag", False)
        self.vars = {}
        for cell, levels in counts.items():
            total = sum(levels)
            for level in range(self.width):
                self.vars[cell, level] = self.model.addIntegral(0, total)
            self.model.addConstr(self._sum([cell], range(self.width)) == total)
        for cells, shares in told:
            total = sum(sum(counts[cell]) for cell in cells)
            for levels, (at_least, at_most) in shares.items():
                low = max(0, math.ceil((at_least - 0.5) * total / 100 - 1e-9))
                high = min(total, math.floor((at_most + 0.5) * total / 100 + 1e-9))
                self.model.addConstr(low <= self._sum(cells, levels) <= high)

    @staticmethod
    def _find_alike(counts, told):
        """Return ``{cell: which groups hold it}``: nothing told parts such cells."""
        return {
            cell: tuple(
                place for place, (cells, _s) in enumerate(told) if cell in cells
            )
            for cell in counts
        }

    def _add_up(self, counts):
        added = {}
        for cell, levels in counts.items():
            row = added.setdefault(self.alike[cell], [0] * self.width)
            for level, count in enumerate(levels):
                row[level] += count
        return added

    def _sum(self, cells, levels):
        return sum(self.vars[cell, level] for cell in cells for level in levels)

    def find(self, known=()):
        """Return ``{cells alike: levels that their others may have}``; ``known`` is
        the structures that the attacker knows, each as ``(cell, level)``."""
        mine = {}
        for cell, level in known:
            one = self.alike[cell], level
            mine[one] = mine.get(one, 0) + 1
        return {
            cell: {
                level
                for level in range(self.width)
                if self._is_possible(cell, level, mine)
            }
            for cell, levels in self.counts.items()
            if sum(levels) > sum(n for (c, _l), n in mine.items() if c == cell)
        }

    def _is_possible(self, cell, level, mine):
        """Return whether another one of ``cell`` may be at ``level``."""
        wanted = {**mine, (cell, level): mine.get((cell, level), 0) + 1}
        if any(
            all(world[c][at] >= least for (c, at), least in wanted.items())
            for world in self.worlds
        ):
            return True
        for (c, at), least in wanted.items():
            self.model.changeColBounds(self.vars[c, at].index, least, highspy.kHighsInf)
        self.model.maximize(self.vars[cell, level])
        solved = self.model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        if solved:
            self.worlds.append(self._read_world())
        for c, at in wanted:
            self.model.changeColBounds(self.vars[c, at].index, 0, sum(self.counts[c]))
        return solved

    def _read_world(self):
        values = self.model.getSolution().col_value
        return {
            cell: [
                round(values[self.vars[cell, level].index])
                for level in range(self.width)
            ]
            for cell in self.counts
        }
