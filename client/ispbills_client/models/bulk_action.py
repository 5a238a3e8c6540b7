from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.bulk_action_action import BulkActionAction, check_bulk_action_action
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.bulk_parameters import BulkParameters
    from ..models.selection import Selection


T = TypeVar("T", bound="BulkAction")


@_attrs_define
class BulkAction:
    """Much at once.

    Attributes:
        action (BulkActionAction): What to do with each.
        selection (None | Selection | Unset): Which bills; only `generate_missing` may leave it out.
        parameters (BulkParameters | Unset): The parameters of an action.
    """

    action: BulkActionAction
    selection: None | Selection | Unset = UNSET
    parameters: BulkParameters | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.selection import Selection  # noqa: PLC0415

        action: str = self.action

        selection: dict[str, Any] | None | Unset
        if isinstance(self.selection, Unset):
            selection = UNSET
        elif isinstance(self.selection, Selection):
            selection = self.selection.to_dict()
        else:
            selection = self.selection

        parameters: dict[str, Any] | Unset = UNSET
        if not isinstance(self.parameters, Unset):
            parameters = self.parameters.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "action": action,
            }
        )
        if selection is not UNSET:
            field_dict["selection"] = selection
        if parameters is not UNSET:
            field_dict["parameters"] = parameters

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bulk_parameters import BulkParameters  # noqa: PLC0415
        from ..models.selection import Selection  # noqa: PLC0415

        d = dict(src_dict)
        action = check_bulk_action_action(d.pop("action"))

        def _parse_selection(data: object) -> None | Selection | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                selection_type_0 = Selection.from_dict(data)

                return selection_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Selection | Unset, data)

        selection = _parse_selection(d.pop("selection", UNSET))

        _parameters = d.pop("parameters", UNSET)
        parameters: BulkParameters | Unset
        if isinstance(_parameters, Unset):
            parameters = UNSET
        else:
            parameters = BulkParameters.from_dict(_parameters)

        bulk_action = cls(
            action=action,
            selection=selection,
            parameters=parameters,
        )

        return bulk_action
