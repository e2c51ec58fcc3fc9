"""The pages, for the web server that the supervisor starts.

The process that serves them ends with the one that started it, however that ends: left alone it would keep the port.
"""

import os
import signal

from escucha.console.leash import end_with_parent
from escucha.wsgi import application

__all__ = ["application"]

end_with_parent(signal.SIGKILL, os.getppid())
