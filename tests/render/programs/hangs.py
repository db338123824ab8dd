"""Never ends."""

import threading

threading.Event().wait()
