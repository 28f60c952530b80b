"""From paper to data: scans brought to their place, and coloured plans traced into zones."""
