"""What a bench promises and what it found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """One line of the table. `goal` and `ratio` are texts for people, with their units."""

    name: str
    goal: str
    ratio: str
    is_met: bool
    detail: str = ""


def table(goals: list[Goal]) -> str:
    """All goals below each other, what was measured beside what was promised."""
    head = ("Messung", "Ziel", "gemessen", "")
    rows = [(g.name, g.goal, g.ratio, "erreicht" if g.is_met else "VERFEHLT") for g in goals]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(4)]

    def line(row: tuple[str, ...]) -> str:
        return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()

    lines = [line(head), "  ".join("─" * width for width in widths)]
    for goal, row in zip(goals, rows, strict=True):
        lines.append(line(row))
        lines += [f"    {part}" for part in goal.detail.splitlines()]
    return "\n".join(lines)


def closing_line(goals: list[Goal]) -> str:
    """The last line of the run."""
    return f"{sum(goal.is_met for goal in goals)} of {len(goals)} goals met"
