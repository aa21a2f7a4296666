"""How much of a question a passage and what stands around it say together."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence

from ingest.passage import Passage


def coverage(
    groups: Mapping[int, Collection[int]], holders: Mapping[str, frozenset[int]], weights: Mapping[str, float]
) -> dict[int, float]:
    """The share of the terms, by weight, that at least one passage of a group holds.

    Args:
        groups: For each passage the passages that are read together with it, itself among them.
        holders: For each term the passages that hold it.
        weights: For each term what it tells; with a sum of zero every share is zero.

    Returns:
        0 … 1 by passage.
    """
    total = sum(weights.values())
    if not total:
        return dict.fromkeys(groups, 0.0)
    shares = {}
    for passage, group in groups.items():
        held = (weights[term] for term, among in holders.items() if not among.isdisjoint(group))
        shares[passage] = sum(held) / total
    return shares


def same_section(ids: Sequence[int], passages: Sequence[Passage]) -> dict[int, list[int]]:
    """For each passage those of the list that stand in the same section of the same document."""
    members: dict[Hashable, list[int]] = {}
    keys = [(passage.document_id, passage.section) for passage in passages]
    for i, key in zip(ids, keys, strict=True):
        members.setdefault(key, []).append(i)
    return {i: members[key] for i, key in zip(ids, keys, strict=True)}
