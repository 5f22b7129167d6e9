"""Every number that bounds an input, in one place."""

from __future__ import annotations

from typing import Final

MAX_FOLDER_NAME: Final = 4_096  # characters of a path that is stored or shown

# Data sets (IDX files)
MAX_IMAGE_SIDE: Final = 64  # pixels
MAX_SAMPLES: Final = 100_000  # pictures in one file
MAX_DATA_BYTES: Final = 64 * 2**20  # pixels of one file, decompressed
MIN_CLASSES: Final = 2
MAX_CLASSES: Final = 47  # EMNIST's largest balanced set has 47

# Downloads of data sets
MAX_REDIRECTS: Final = 3
CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 10.0  # without a single byte
SLOW_SECONDS: Final = 15.0  # a mirror that sends less than SLOW_BYTES in this time is left
SLOW_BYTES: Final = 150 * 1024  # one that sends more is not, though it may need minutes
TURN_SECONDS: Final = 60.0  # to wait for another process that downloads the same

# Pictures of a digit
MAX_PICTURE_BYTES: Final = 5 * 2**20
MAX_PICTURE_PIXELS: Final = 16_800_000
MAX_PICTURE_SIDE: Final = 8_192
MAX_CANVAS_PNG_BYTES: Final = 300 * 1024
MAX_PICTURES_DECODED_AT_ONCE: Final = 2
MIN_PICTURE_CONTRAST: Final = 0.1  # of black to white; below it a picture counts as blank

# Saved runs
MAX_RUN_BYTES: Final = 2 * 2**20
MAX_RUN_MEMBERS: Final = 12
MAX_RUN_META_BYTES: Final = 4 * 1024  # and where drawings were added to it:
MAX_RUN_DRAWINGS_BYTES: Final = 120 * 1024  # MAX_TAUGHT of the largest pictures, as base64
MAX_WEIGHT: Final = 1e6  # largest magnitude accepted from a file

# Runs that the server stores, so that they can be continued after a reload or a restart
STORE_SECONDS: Final = 5.0  # between two files of one run, and so the most a crash can cost
CONTINUE_SECONDS: Final = 15 * 60.0  # after which a run is no longer offered, and forgotten
MAX_STORED_RUNS: Final = 200
MAX_RENEWED_KEYS: Final = 2_000  # of browsers that began afresh and have not been told yet

# The end of the server
JOIN_SECONDS: Final = 3.0  # for slices in flight to come back
EXIT_SECONDS: Final = 4.5  # until the process ends, whoever still holds a connection

# Training
MIN_LEARNING_RATE: Final = 1e-6
MAX_LEARNING_RATE: Final = 100.0
MAX_EPOCHS: Final = 1_000
MAX_SEED: Final = 2**32 - 1
MAX_L2: Final = 1.0
MAX_MOMENTUM: Final = 0.99
MIN_HIDDEN_UNITS: Final = 1
MAX_HIDDEN_UNITS: Final = 256
MAX_TAUGHT: Final = 20  # drawings added to a run's training set
MIN_TRAIN_SAMPLES: Final = 10  # where only a part of the training set is learned from
MAX_LANES: Final = 6  # of a race
MAX_LANES_CARRIED: Final = 64  # by the engine, for whoever asks for more than a race has
MAX_SWEPT: Final = 128  # runs of a sweep

# What a browser asks of a route
MAX_QUERY_BYTES: Final = 2_000
MAX_QUERY_VALUE: Final = 64  # characters of a word or token; lists may be longer
BODY_SECONDS: Final = 10.0  # for a few kilobytes, on the worst of networks

# The address bar
MAX_ADDRESS: Final = 2_000  # characters of names and values
MAX_ADDRESS_VALUE: Final = 64
MAX_ADDRESS_LANES: Final = 160  # of the one value that is a list

# Files in the uploader
MAX_UPLOADS: Final = 8  # that nothing has been made of yet

# The drawing as the page sends it
INK_SIDE: Final = 56  # the companion posts INK_SIDE x INK_SIDE bytes
CANVAS_SIDE: Final = 280  # pixels; CANVAS_SIDE is a whole multiple of INK_SIDE
MAX_STROKES: Final = 2_000
MAX_STROKES_BYTES: Final = 2 * 2**20  # as JSON; a stroke of a second has some 4 KB

# Pictures behind a cell of the confusion matrix
MAX_LISTED_PICTURES: Final = 2_000
MAX_PICTURES_FETCHED: Final = 64  # in one request

# Nudges of a picture
MAX_NUDGE_SLIDE: Final = 64.0  # pixels
NUDGE_SCALES: Final = (0.25, 4.0)
MAX_NUDGE_TILT: Final = 180.0  # degrees
MAX_NUDGE_THICKNESS: Final = 4.0  # pixels

# A run's past
MAX_SNAPSHOTS: Final = 60
MAX_SNAPSHOT_BYTES: Final = 2 * 2**20
MAX_BATCH_LISTED: Final = 256  # samples of a step's batch that are shown one by one
MAX_REPLAYED_SAMPLES: Final = 3_000_000  # trained on once more to reach a batch: 50 epochs of MNIST
MAX_EDITS: Final = 20  # that can be undone
MAX_EDIT_BYTES: Final = 2 * 2**20

MAX_KEPT_RUNS: Final = 6  # that stay on the chart of a browser
MAX_KEPT_NAME: Final = 24  # characters: the end of a line has no room for more

# Visitors of one server
MAX_SOCKETS: Final = 150  # pages open at the same time
MAX_RETURNING_SOCKETS: Final = 30  # beyond those: of pages that had lost their connection
MESSAGES_A_SECOND: Final = 20  # of one page; what comes faster waits
MESSAGE_BURST: Final = 60
MAX_FILES_ANNOUNCED: Final = 20  # in one message
MAX_ROUTE_BODY_BYTES: Final = 64 * 1024  # of a request; uploads have limits of their own:
MAX_RECENT_UPLOADS: Final = 30  # of one page within UPLOAD_SECONDS
UPLOAD_SECONDS: Final = 300.0
MAX_UPLOADED_BYTES: Final = 50 * 2**20  # of one page, at the same time
MAX_ALL_UPLOADED_BYTES: Final = 300 * 2**20  # of all pages
