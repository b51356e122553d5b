"""What a file of duties can have wrong that its model cannot see; every fault at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from govlab.errors import Fault
from govlab.institutions.duties.model import DutiesFile, Role


def faults(file: DutiesFile, where: str) -> list[Fault]:
    """Ids twice, names not declared, a role twice, a body that does and refuses, more holders than posts."""
    return [*_ids(file, where), *_names(file, where), *_roles(file, where), *_posts(file, where)]


def _ids(file: DutiesFile, where: str) -> Iterator[Fault]:
    for field in ("bodies", "tasks", "arrangements", "posts", "services"):
        for name, times in Counter(one.id for one in getattr(file, field)).items():
            if times > 1:
                yield Fault("duties.twice", {"id": name}, (where, field))
    for name, times in Counter(answer for one in file.bodies for answer in one.answers).items():
        if times > 1:
            yield Fault("duties.twice", {"id": name}, (where, "bodies", "answers"))


def _names(file: DutiesFile, where: str) -> Iterator[Fault]:
    known = {
        "body": {one.id for one in file.bodies},
        "task": {one.id for one in file.tasks},
        "arrangement": {one.id for one in file.arrangements},
    }
    used = [("body", one.part_of, f"bodies.{one.id}") for one in file.bodies if one.part_of]
    for one in file.arrangements:
        for place, given in enumerate(one.assignments, 1):
            at = f"arrangements.{one.id}.assignments[{place}]"
            used += [("task", given.task, at), ("body", given.body, at)]
    for place, line in enumerate(file.lines, 1):
        at = f"lines[{place}]"
        used += [("arrangement", line.arrangement, at), ("body", line.over, at), ("body", line.by, at)]
    for post in file.posts:
        used.append(("arrangement", post.arrangement, f"posts.{post.id}"))
        used += [("body", one, f"posts.{post.id}") for one in post.bodies]
    for service in file.services:
        used += [("body", one, f"services.{service.id}") for one in (*service.leads, *service.others)]
    for kind, name, at in used:
        if name not in known[kind]:
            listed = ", ".join(sorted(known[kind]))
            yield Fault(f"duties.unknown_{kind}", {"name": name, "known": listed}, (where, at))


def _roles(file: DutiesFile, where: str) -> Iterator[Fault]:
    for one in file.arrangements:
        at = (where, f"arrangements.{one.id}")
        counted = Counter((given.task, given.body, given.role) for given in one.assignments)
        for (task, body, role), times in counted.items():
            if times > 1:
                yield Fault("duties.role_twice", {"task": task, "body": body, "role": role.value}, at)
            if role is Role.REFUSES and {(task, body, Role.DOES), (task, body, Role.ASSISTS)} & set(counted):
                yield Fault("duties.does_and_refuses", {"task": task, "body": body}, at)


def _posts(file: DutiesFile, where: str) -> Iterator[Fault]:
    for one in file.posts:
        if one.holders is not None and one.posts is not None and one.holders > one.posts:
            values = {"holders": one.holders, "posts": one.posts}
            yield Fault("duties.more_holders", values, (where, f"posts.{one.id}"))
    for place, line in enumerate(file.lines, 1):
        if line.over == line.by:
            yield Fault("duties.over_itself", {"body": line.by}, (where, f"lines[{place}]"))
