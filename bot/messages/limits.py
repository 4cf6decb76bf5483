"""What one Telegram message may hold; only the server's answer is authoritative (Bot API 10.1)."""

TEXT_CHARACTERS_MAX = 4096  # after parsing
CAPTION_CHARACTERS_MAX = 1024  # after parsing
RAW_BYTES_MAX = 32_768  # before parsing
ENTITIES_MAX = 100
CALLBACK_BYTES_MAX = 64
CALLBACK_ANSWER_CHARACTERS_MAX = 200
COPY_CHARACTERS_MAX = 256
START_CHARACTERS_MAX = 64
ROW_BUTTONS_MAX = 8
BUTTON_CHARACTERS_MAX = 64  # ours: longer texts are cut by clients

FOLD_CHARACTERS = 600  # a quote longer than this unfolds at a tap
ADDRESS_CHARACTERS_MAX = 1_000  # a longer address is said to be too long, not shown
HEADLINE_CHARACTERS_MAX = 200
NAME_CHARACTERS_MAX = 120
ROLE_CHARACTERS_MAX = 160
OFFER_TITLE_CHARACTERS = 100  # ours: clients cut longer ones
OFFER_DESCRIPTION_CHARACTERS = 200
CUE_CHARACTERS_MAX = 60
NAMING_CHARACTERS_MAX = 280
