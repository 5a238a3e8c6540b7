"""What the totals say, and what the bills add up to."""

from __future__ import annotations

from shared.db import Pool


async def totals_of(pool: Pool) -> dict[str, tuple[int, int, int, int]]:
    """Per operator, over all packages, what the summary says."""
    rows = await pool.fetch(
        """SELECT operator_id, sum(bills) AS bills, sum(total_minor) AS total, sum(paid_minor) AS paid,
                  sum(balance_minor) AS balance
             FROM bill_total WHERE package_id = '00000000-0000-0000-0000-000000000000'
            GROUP BY operator_id HAVING sum(bills) <> 0"""
    )
    return {
        str(r["operator_id"]): tuple(int(r[n]) for n in ("bills", "total", "paid", "balance")) for r in rows
    }


async def summed(pool: Pool) -> dict[str, tuple[int, int, int, int]]:
    """The same from the bills themselves."""
    rows = await pool.fetch(
        """SELECT above AS operator_id, count(*) AS bills,
                  coalesce(sum(total_minor) FILTER (WHERE status <> 'void'), 0) AS total,
                  coalesce(sum(paid_minor) FILTER (WHERE status <> 'void'), 0) AS paid,
                  coalesce(sum(balance_minor) FILTER (WHERE status <> 'void'), 0) AS balance
             FROM bill JOIN operator ON operator.id = bill.operator_id, unnest(operator.path) AS above
            WHERE issued_on IS NOT NULL GROUP BY above"""
    )
    return {
        str(r["operator_id"]): tuple(int(r[n]) for n in ("bills", "total", "paid", "balance")) for r in rows
    }
