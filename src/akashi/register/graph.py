"""The graph of dependencies: what hangs on what, and where it goes round in a circle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def find_cycles(edges: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Return each group of nodes that depend on one another, sorted; none in a graph without circles.

    Strongly connected components with more than one node or an arrow to itself, by two passes of
    depth-first search (Kosaraju; see Sharir, Computers and Mathematics with Applications 7 (1981)), with a
    stack of our own, so that a chain of any length does not exhaust Python's.

    >>> find_cycles([("a", "b"), ("b", "a"), ("b", "c")])
    (('a', 'b'),)
    """
    graph: dict[str, list[str]] = {}
    for source, target in edges:
        graph.setdefault(source, []).append(target)
        graph.setdefault(target, [])
    groups = _components(graph)
    return tuple(sorted(group for group in groups if len(group) > 1 or group[0] in graph[group[0]]))


def reach(edges: Iterable[tuple[str, str]], start: str) -> frozenset[str]:
    """Return everything that ``start`` depends on, directly or through others, without itself.

    >>> sorted(reach([("a", "b"), ("b", "c"), ("d", "c")], "a"))
    ['b', 'c']
    """
    graph: dict[str, list[str]] = {}
    for source, target in edges:
        graph.setdefault(source, []).append(target)
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        new = [node for node in graph.get(waiting.pop(), ()) if node not in seen]
        seen.update(new)
        waiting += new
    return frozenset(seen - {start})


def _components(graph: Mapping[str, list[str]]) -> list[tuple[str, ...]]:
    """Return the strongly connected components: finish order first, then the reversed graph."""
    order: list[str] = []
    seen: set[str] = set()
    for root in sorted(graph):
        _finish(graph, root, seen, order)
    reversed_graph: dict[str, list[str]] = {node: [] for node in graph}
    for source, targets in graph.items():
        for target in targets:
            reversed_graph[target].append(source)
    found: list[tuple[str, ...]] = []
    taken: set[str] = set()
    for root in reversed(order):
        if root not in taken:
            group: list[str] = []
            _finish(reversed_graph, root, taken, group)
            found.append(tuple(sorted(group)))
    return found


def _finish(graph: Mapping[str, list[str]], root: str, seen: set[str], order: list[str]) -> None:
    """Append every node that ``root`` reaches and ``seen`` lacks to ``order``, deepest first."""
    if root in seen:
        return
    seen.add(root)
    stack = [(root, iter(graph[root]))]
    while stack:
        node, targets = stack[-1]
        following = next((target for target in targets if target not in seen), None)
        if following is None:
            order.append(node)
            stack.pop()
        else:
            seen.add(following)
            stack.append((following, iter(graph[following])))
