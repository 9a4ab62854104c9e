"""A plan for people: as Markdown that reads well as plain text, too, and as plain JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from versioned_serde.check.moves import Action, Backfill, Bake, Change, Deploy, Plan, State


def markdown(plan: Plan, runs: Mapping[str, str]) -> str:
    """The plan as a checklist for the day.

    Args:
        plan: the plan.
        runs: service -> name of the release that it runs now, for the commands.
    """
    if plan.obstacles:
        return "\n".join(["# No safe way", "", *(f"- {each}" for each in plan.obstacles)]) + "\n"
    if not plan.actions:
        return "# Nothing to plan\n\nThe release declares what runs.\n"
    lines = [f"# The safe way: {_title(plan)}", ""]
    for number, action in enumerate(plan.actions, 1):
        lines += _section(number, action, plan, runs)
    return "\n".join(lines).rstrip() + "\n"


def as_json(plan: Plan) -> dict[str, Any]:
    """The plan as plain JSON."""
    return {
        "releases": plan.releases,
        "obstacles": list(plan.obstacles),
        "actions": [_action(each, plan) for each in plan.actions],
    }


def _title(plan: Plan) -> str:
    told = [f"{plan.releases} release{'s' * (plan.releases != 1)}"]
    told += ["a backfill"] if any(isinstance(each, Backfill) for each in plan.actions) else []
    return " and ".join(told)


def _section(number: int, action: Action, plan: Plan, runs: Mapping[str, str]) -> Iterator[str]:
    yield f"## {number}. {_heading(action, plan)}"
    yield ""
    match action:
        case Deploy():
            for change in action.changes:
                yield f"- {declares(change)}"
            yield ""
            yield from (f"- [ ] {each}" for each in _checks(action, plan, runs))
            yield f"- To go back: {_way_back(action)}"
        case Bake():
            yield "- [ ] Wait until nobody will want to go back further than one release; days, not hours."
            yield "- [ ] Every host of every service runs the new release; nine out of ten is not every host."
        case Backfill():
            yield (
                f"- [ ] Rewrite every record of {action.schema} in {_versions(action.versions)}: read it and write it,"
                f" with compare-and-set, while the service works. Then it is in version {action.to}."
            )
            yield "- [ ] Scan all records once more, begun after the last host that could write the old ones is gone."
            yield f"- [ ] The scan counts none of {_versions(action.versions)}. Keep its certificate."
            yield "- To go back: stop; rewritten records are read by everything that runs."
    yield ""


def _heading(action: Action, plan: Plan) -> str:
    match action:
        case Deploy():
            whose = f"of {action.service}: " if _services(plan) > 1 else ""
            phases = ", ".join(dict.fromkeys(phase for change in action.changes for phase in change.phases))
            return f"Release {action.release} {whose}{phases}" if whose else f"Release {action.release}: {phases}"
        case Bake():
            return "Bake"
        case Backfill():
            return f"Backfill {action.schema}"


def _services(plan: Plan) -> int:
    return len({each.service for each in plan.actions if isinstance(each, Deploy)})


def declares(change: Change) -> str:
    """What the code of the release says, such as: `shop.order`: lists 1 to 2, `writes=1` (prepare 2)."""
    if change.after is None:
        return f"`{change.name}` is not declared any more"
    listed = change.after.listed
    span = f"version {listed[0]}" if len(listed) == 1 else f"versions {listed[0]} to {listed[-1]}"
    return f"`{change.name}` lists {span} with `writes={change.after.writes}` ({', '.join(change.phases)})"


def _checks(action: Deploy, plan: Plan, runs: Mapping[str, str]) -> Iterator[str]:
    before = "the release before" if action.release > 1 else runs.get(action.service, "what runs")
    yield f"Before: `serde-check --against {before if action.release == 1 else 'RELEASE-BEFORE'}` is clean."
    for change in action.changes:
        if change.before and change.after and change.after.writes != change.before.writes and action.release > 1:
            yield (
                f"Before: `serde-check can-activate {change.name} {change.after.writes} --live TAG ...` says yes for"
                " every release that runs."
            )
        if change.before and change.after and change.after.listed[0] > change.before.listed[0]:
            yield (
                f"Its code: `serde-check fix --retire {change.after.listed[0] - 1} --certificate FILE` takes out the"
                f" readers of {change.name}."
            )
    yield "Deploy it host by host. No host counts reads that were refused."
    for change in action.changes:
        if change.before and change.after and change.after.writes > change.before.writes:
            yield f"After: {change.name} is written in version {change.after.writes}, and read by all."


def _way_back(action: Deploy) -> str:
    told = "deploy the release before again, at any point of this step."
    if any(change.before and change.after and change.after.writes > change.before.writes for change in action.changes):
        return f"{told} It reads what was written meanwhile."
    if any("retire" in phase for change in action.changes for phase in change.phases):
        return f"{told} It reads more than this one does."
    return f"{told} Nothing was written that it does not know."


def _versions(versions: tuple[int, ...]) -> str:
    return f"version {versions[0]}" if len(versions) == 1 else f"versions {versions[0]} to {versions[-1]}"


def _action(action: Action, plan: Plan) -> dict[str, Any]:
    told: dict[str, Any] = {"title": _heading(action, plan)}
    match action:
        case Deploy():
            told |= {
                "action": "deploy",
                "service": action.service,
                "release": action.release,
                "changes": [
                    {
                        "what": each.what,
                        "name": each.name,
                        "before": _state(each.before),
                        "after": _state(each.after),
                        "phases": list(each.phases),
                    }
                    for each in action.changes
                ],
                "way_back": _way_back(action),
            }
        case Bake():
            told |= {"action": "bake"}
        case Backfill():
            told |= {
                "action": "backfill",
                "schema": action.schema,
                "to": action.to,
                "versions": list(action.versions),
            }
    return told


def _state(state: State | None) -> dict[str, Any] | None:
    return None if state is None else {"listed": list(state.listed), "writes": state.writes}
