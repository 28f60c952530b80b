-- What lies under a parcel, as it is kept, or measured where it is not or where shapes are wanted. For questions that name it
-- “-- with under_parcel.sql” after their CTEs asked and subject (a row of parcel, or none). Uses parcel_share_pkey, zone_pkey and the
-- indexes of shares.sql.
kept AS MATERIALIZED (
    SELECT k.units, k.plans, k.conflicts, k.zone_ids, k.zone_m2, k.zone_width_m
    FROM asked, subject s, parcel_share k
    WHERE k.parcel_id = s.id AND NOT asked.drawn AND NOT k.amended
),
measured AS MATERIALIZED (SELECT s.geom FROM subject s WHERE NOT EXISTS (SELECT FROM kept)),
-- with shares.sql
under_parcel AS MATERIALIZED (
    SELECT coalesce(kept.units, shares.units) AS units, coalesce(kept.plans, shares.plans) AS plans,
        coalesce(shares.zones, (
            SELECT json_agg(json_build_object('id', z.id, 'plan_id', z.plan_id, 'lot_symbol', z.lot_symbol,
                'function_code', z.function_code, 'function_scheme', z.function_scheme, 'article', z.article,
                'density_pct', z.density_pct, 'floors_min', z.floors_min, 'floors_max', z.floors_max, 'height_max_m', z.height_max_m,
                'far_max', z.far_max, 'setback_m', z.setback_m, 'declared_area_m2', z.declared_area_m2, 'area_m2', held.area_m2,
                'width_m', held.width_m) ORDER BY held.area_m2 DESC, z.id)
            FROM unnest(kept.zone_ids, kept.zone_m2, kept.zone_width_m) held (id, area_m2, width_m)
            CROSS JOIN LATERAL (SELECT * FROM zone WHERE zone.id = held.id OFFSET 0) z
        )) AS zones,
        coalesce(kept.conflicts, shares.conflicts) AS conflicts
    FROM shares
    LEFT JOIN kept ON true
),
