"""Finding a version of a set by what people call it."""

from __future__ import annotations

from desktop_app.services.context import Context
from desktop_app.services.criteria.drafts import SetVersion, list_versions
from desktop_app.services.errors import UserError
from desktop_app.services.vietnamese import fold


def find_version(context: Context, text: str) -> SetVersion:
    """A version by key ("citizen.worker", "citizen_worker"), key and version ("family@2015.1"), uid, model, group or
    name; where several fit, the one in use, then the default one, then the newest.

    Raises:
        UserError: ``criteria.unknown_set``.
    """
    name, _, version = text.strip().partition("@")
    wanted = fold(name).replace("_", ".").replace("-", ".")
    found = []
    for item in list_versions(context):
        d = item.definition
        keys = {d.key, d.model.value, d.group.value if d.group else "", item.uid, item.label, d.name, d.group_name}
        if wanted in {fold(key).replace("_", ".").replace("-", ".") for key in keys if key} and (
            not version or d.version == version
        ):
            found.append(item)
    if not found:
        raise UserError(
            f"Không có bộ tiêu chí “{text[:60]}”; chưa có gì thay đổi. Hãy ghi khóa như citizen.worker, family, "
            "hoặc đúng tên trong Thiết lập.",
            code="criteria.unknown_set",
        )
    return max(found, key=lambda i: (i.definition.key == wanted, i.is_in_use, i.definition.is_default, not i.is_draft))
