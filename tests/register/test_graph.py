"""Circles of dependencies, against a second way to find them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from akashi.register.graph import find_cycles, reach

EDGES = st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")), max_size=20)


@given(EDGES)
def test_node_stands_in_a_circle_exactly_if_it_reaches_itself(edges: list[tuple[str, str]]) -> None:
    in_circles = {node for group in find_cycles(edges) for node in group}
    nodes = {node for edge in edges for node in edge}
    back = {node for node in nodes if any(node in {b, *reach(edges, b)} for a, b in edges if a == node)}
    assert in_circles == back


@given(EDGES)
def test_nodes_of_a_circle_reach_one_another(edges: list[tuple[str, str]]) -> None:
    for group in find_cycles(edges):
        for node in group:
            assert set(group) - {node} <= reach(edges, node)


def test_long_chain_does_not_exhaust_the_stack() -> None:
    chain = [(f"n{i}", f"n{i + 1}") for i in range(50_000)]
    assert find_cycles(chain) == ()
    assert len(find_cycles([*chain, ("n50000", "n0")])[0]) == 50_001
