"""The field: units, mergers, plans, zones, parcels, coverage. Pure rules; only `planning.store` speaks to the database."""
