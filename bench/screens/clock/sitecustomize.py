"""Every Python of the demo reads this first: its clock is moved by SCREENS_CLOCK_SHIFT seconds."""

import os
import time

import time_machine

time_machine.travel(time.time() + float(os.environ["SCREENS_CLOCK_SHIFT"]), tick=True).start()
