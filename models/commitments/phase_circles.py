"""Phases that wait for each other in a circle could never begin."""

from collections.abc import Iterable, Mapping


def first_circle(before: Mapping[str, Iterable[str]]) -> list[str]:
    """A circle in "comes after" (phase -> the phases before it), its first member again at the end; empty without any.
    Names that are no phase are passed over."""
    done: set[str] = set()
    for start in before:
        way: list[str] = [start]
        branches = [iter(before[start])]
        while branches:
            here = next(branches[-1], None)
            if here is None:
                branches.pop()
                done.add(way.pop())
            elif here in way:
                return [*way[way.index(here) :], here]
            elif here in before and here not in done:
                way.append(here)
                branches.append(iter(before[here]))
        done.add(start)
    return []
