-- A parcel that is the subject, for questions that name it “-- with one_parcel.sql” after their CTEs asked and
-- subject; no row where there is no subject.
one_parcel AS MATERIALIZED (
    SELECT json_build_object('former_code', s.former_code, 'sheet', s.sheet, 'number', s.number,
        'land_use_code', s.land_use_code, 'declared_area_m2', s.declared_area_m2, 'area_m2', ST_Area(s.geom),
        'perimeter_m', ST_Perimeter(s.geom), 'valid_from', s.valid_from, 'valid_to', s.valid_to, 'dataset_id', s.dataset_id,
        'centre', ST_AsHEXEWKB(ST_PointOnSurface(s.geom)), 'shape', CASE WHEN asked.drawn THEN ST_AsHEXEWKB(s.geom) END) AS parcel
    FROM asked, subject s
),
