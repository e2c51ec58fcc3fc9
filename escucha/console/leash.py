"""Runs a program that ends when its parent does, under another user where the parent is root.

A file of its own, started as `python leash.py WHO SIGNAL PARENT PROGRAM ARGUMENTS`: it needs nothing but the standard
library, and replaces itself by the program, which therefore keeps its process id.

WHO is `self`, `uid:gid`, or `namespace`: a user namespace in which root appears as nobody, for programs that refuse
root where no other user can reach their files. The kernel's wish to end with the parent is Linux's; elsewhere the
program is only started.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
NOBODY = 65534


def become(who: str) -> None:
    """Changes the user of this process."""
    if who == "namespace":
        _enter_namespace()
    elif who != "self":
        uid, gid = map(int, who.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


def end_with_parent(signal_number: int, parent: int) -> None:
    """Asks the kernel for `signal_number` when the parent ends; ends at once if it already has."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit(1)


def _enter_namespace() -> None:
    uid, gid = os.getuid(), os.getgid()
    os.unshare(os.CLONE_NEWUSER)
    for name, line in (("setgroups", "deny"), ("uid_map", f"{NOBODY} {uid} 1"), ("gid_map", f"{NOBODY} {gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(line)


if __name__ == "__main__":
    who, signal_number, parent, program, *arguments = sys.argv[1:]
    become(who)
    end_with_parent(int(signal_number), int(parent))  # after the change of user, which would forget it
    os.execv(program, [program, *arguments])
