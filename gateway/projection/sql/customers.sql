-- name: project_customers!
INSERT INTO customer (id, operator_id, code, name, mobile, alternate_mobile, address, package_id, status,
                      billing_cycle, since, version)
SELECT id, operator_id, code, name, mobile, alternate_mobile, address, package_id, status, billing_cycle, since, version
  FROM unnest(:ids::uuid[], :operator_ids::uuid[], :codes::text[], :names::text[], :mobiles::text[],
              :alternate_mobiles::text[], :addresses::text[], :package_ids::uuid[], :statuses::text[],
              :billing_cycles::text[], :sinces::date[], :versions::bigint[])
    AS t (id, operator_id, code, name, mobile, alternate_mobile, address, package_id, status, billing_cycle, since,
          version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET operator_id = excluded.operator_id, code = excluded.code, name = excluded.name,
       mobile = excluded.mobile, alternate_mobile = excluded.alternate_mobile, address = excluded.address,
       package_id = excluded.package_id, status = excluded.status, billing_cycle = excluded.billing_cycle,
       since = excluded.since, version = excluded.version
 WHERE customer.version < excluded.version
