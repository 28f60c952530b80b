"""Rules by which data is checked: each has a stable code, somebody who mends it, advice, and the paper it rests on."""
