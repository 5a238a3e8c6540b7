"""What the gateway holds of a customer beside the view: commands, files, imports, what webhooks told."""

from __future__ import annotations

from gateway.store.access import see_everything
from gateway.store.statements import named
from shared.contracts.catalog import ERASED_WORDS
from shared.db import Pool, in_transaction
from shared.erasure import Erased


async def forget_erased(pool: Pool, erased: Erased) -> bool:
    """Forget an erased customer; False while the view, or an answer, is still to come."""
    customer_id, code, erased_at = erased.customer_id, erased.code, erased.erased_at
    async with in_transaction(pool) as tx:
        await see_everything(tx)
        await named.close_portal_of_erased(tx, customer_id=customer_id, erased_at=erased_at)
        await named.erase_from_operations(tx, customer_id=customer_id)
        await named.erase_from_imports(tx, customer_id=customer_id, code=code, words=ERASED_WORDS)
        await named.erase_from_documents(tx, customer_id=customer_id, erased_at=erased_at)
        await named.erase_from_downloads(tx, customer_id=customer_id, erased_at=erased_at)
        await named.erase_from_webhooks(tx, customer_id=customer_id)
        await named.erase_from_plans(tx, customer_id=customer_id)
        return not await named.is_erasure_under_way(tx, customer_id=customer_id, code=code)
