-- What amendments leave of the zones that they amend, and what they take: for questions that name it “-- with cuts.sql” after shares.sql
-- and amending.sql. Zones that only touch share no more than a square centimetre.
cut AS MATERIALIZED (
    SELECT z.id, taken.by, left_over.kept, left_over.cut
    FROM (
        SELECT z.id, z.plan_id, ST_CollectionExtract(z.shape, 3) AS shape
        FROM zones z
        WHERE z.area_m2 > 0 AND z.plan_id IN (SELECT amended FROM amending)
        OFFSET 0
    ) z
    CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT o.plan_id) AS by, ST_Union(ST_CollectionExtract(o.shape, 3)) AS shape
        FROM amending a
        JOIN zones o ON o.plan_id = a.by
        WHERE a.amended = z.plan_id AND o.area_m2 > 0 AND o.shape && z.shape
            AND ST_Area(ST_Intersection(ST_CollectionExtract(o.shape, 3), z.shape)) > 0.0001
        OFFSET 0
    ) taken
    CROSS JOIN LATERAL (
        SELECT ST_CollectionExtract(ST_Difference(z.shape, taken.shape), 3) AS kept,
            ST_CollectionExtract(ST_Intersection(z.shape, taken.shape), 3) AS cut
        OFFSET 0
    ) left_over
    WHERE taken.by IS NOT NULL
),
cuts AS MATERIALIZED (
    SELECT (
        SELECT json_agg(json_build_object('id', c.id, 'by', c.by,
            'kept', json_build_object('area_m2', ST_Area(c.kept), 'width_m', 2 * ST_Area(c.kept) / nullif(ST_Perimeter(c.kept), 0),
                'shape', CASE WHEN asked.drawn THEN ST_AsHEXEWKB(c.kept) END),
            'cut', json_build_object('area_m2', ST_Area(c.cut), 'width_m', 2 * ST_Area(c.cut) / nullif(ST_Perimeter(c.cut), 0),
                'shape', CASE WHEN asked.drawn THEN ST_AsHEXEWKB(c.cut) END)) ORDER BY c.id)
        FROM cut c
    ) AS cuts
    FROM asked
),
