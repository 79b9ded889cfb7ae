"""An independent emulator of Telegram's Bot API, written from its documentation; it shares no code with the bot.

One module per concern: `server` (HTTP), `params` (the four ways that parameters come), `api` and `methods_*` (what
methods do), `markup` and `keyboards` (the checks), `updates` and `webhook` (how updates reach the bot), `faults` (what
goes wrong), `people` and `rooms` (the user's side), `world` (what there is).
"""

from tests.telegram.emulator.emulator import Emulator
from tests.telegram.emulator.errors import ApiError
from tests.telegram.emulator.faults import Fault, Flood
from tests.telegram.emulator.people import Person
from tests.telegram.emulator.rooms import Room, buttons, find_button

__all__ = ["ApiError", "Emulator", "Fault", "Flood", "Person", "Room", "buttons", "find_button"]
