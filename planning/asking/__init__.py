"""What a person typed or pasted, read as a place: every way to read it is tried, and none is picked where several fit.

    writing          text → numbers and marks, once for each way of writing numbers
    meridians        a VN-2000 zone named in the text
    points, corners  coordinates of a point, of the corners of a parcel
    parcel_numbers   sheet and number of a parcel
    reading          all of them, and the name that is left

A reading counts where it falls into the province; so the province's bounds are part of every question. Pure: no store, no file.
"""
