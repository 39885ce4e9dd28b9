"""The system calls by which a program touches what a tier may not: their numbers, and where their arguments stand.

Numbers and arguments are those of Linux (syscalls(2), `asm/unistd_64.h`, `asm-generic/unistd.h`); they never change for
a machine. A name that a machine does not have is missing there: AArch64 has only the newer forms.
"""

from __future__ import annotations

from typing import NamedTuple

WRITING = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000
"""O_WRONLY, O_RDWR, O_CREAT, O_TRUNC and O_APPEND of open(2), the same on both machines."""
CLONE_THREAD = 0x10000
"""The flag by which clone(2) makes a thread, which is no process."""
CONNECT, BIND, LISTEN, SEND, START, REPLACE, WRITE = "connect", "bind", "listen", "send to", "start", "exec", "write"


class PathAt(NamedTuple):
    """The arguments that name a path: where its text stands, and the open folder that it starts in, if any."""

    text: int
    folder: int | None = None


class Syscall(NamedTuple):
    """One system call that is of interest."""

    name: str
    verb: str
    """What it does, in the word that its act is told with."""
    paths: tuple[PathAt, ...] = ()
    follow: bool = False
    """True when it follows a symbolic link at the end of the path."""
    address: int | None = None
    """The argument that points to a socket's address; its length is the next one."""
    message: int | None = None
    """The argument that points to a message, which begins with the address and its length."""
    only_if: tuple[int, int] | None = None
    """(argument, bits): of interest only when one of the bits is set."""
    unless: tuple[int, int] | None = None
    """(argument, bits): of no interest when one of the bits is set."""
    with_address: bool = False
    """True when it is of interest only with an address."""


class Machine(NamedTuple):
    """A kind of processor."""

    name: str
    """As `os.uname` names it."""
    audit: int
    """AUDIT_ARCH_… of `linux/audit.h`, by which a filter knows it."""
    numbers: dict[str, int]
    """Of every system call by name."""


def _numbers(table: str) -> dict[str, int]:
    """Out of a table of names and numbers: "open 2, connect 42"."""
    return {name: int(number) for name, number in map(str.split, table.split(","))}


def _here(text: int) -> tuple[PathAt, ...]:
    return (PathAt(text),)


def _beside(folder: int, text: int) -> tuple[PathAt, ...]:
    return (PathAt(text, folder),)


WATCHED: tuple[Syscall, ...] = (
    Syscall("connect", CONNECT, address=1),
    Syscall("bind", BIND, address=1),
    Syscall("listen", LISTEN),
    Syscall("sendto", SEND, address=4, with_address=True),
    Syscall("sendmsg", SEND, message=1),
    Syscall("sendmmsg", SEND, message=1),
    Syscall("fork", START),
    Syscall("vfork", START),
    Syscall("clone", START, unless=(0, CLONE_THREAD)),
    Syscall("execve", REPLACE, _here(0)),
    Syscall("execveat", REPLACE, _beside(0, 1)),
    Syscall("open", WRITE, _here(0), follow=True, only_if=(1, WRITING)),
    Syscall("creat", WRITE, _here(0), follow=True),
    Syscall("openat", WRITE, _beside(0, 1), follow=True, only_if=(2, WRITING)),
    Syscall("mkdir", "make", _here(0)),
    Syscall("mkdirat", "make", _beside(0, 1)),
    Syscall("mknod", "make", _here(0)),
    Syscall("mknodat", "make", _beside(0, 1)),
    Syscall("rmdir", "remove", _here(0)),
    Syscall("unlink", "remove", _here(0)),
    Syscall("unlinkat", "remove", _beside(0, 1)),
    Syscall("rename", "rename", (PathAt(0), PathAt(1))),
    Syscall("renameat", "rename", (PathAt(1, 0), PathAt(3, 2))),
    Syscall("renameat2", "rename", (PathAt(1, 0), PathAt(3, 2))),
    Syscall("link", "link", _here(1)),
    Syscall("linkat", "link", _beside(2, 3)),
    Syscall("symlink", "link", _here(1)),
    Syscall("symlinkat", "link", _beside(1, 2)),
    Syscall("truncate", "truncate", _here(0), follow=True),
    Syscall("chmod", "change", _here(0), follow=True),
    Syscall("fchmodat", "change", _beside(0, 1), follow=True),
    Syscall("chown", "change", _here(0), follow=True),
    Syscall("lchown", "change", _here(0)),
    Syscall("fchownat", "change", _beside(0, 1), follow=True),
    Syscall("utime", "change", _here(0), follow=True),
    Syscall("utimes", "change", _here(0), follow=True),
    Syscall("futimesat", "change", _beside(0, 1), follow=True),
    Syscall("utimensat", "change", _beside(0, 1), follow=True),
    Syscall("setxattr", "change", _here(0), follow=True),
    Syscall("lsetxattr", "change", _here(0)),
    Syscall("removexattr", "change", _here(0), follow=True),
    Syscall("lremovexattr", "change", _here(0)),
)
REFUSED = ("clone3", "io_uring_setup", "openat2")
"""What hides its arguments behind a pointer, or acts later: the kernel is made to say that it has no such call (ENOSYS),
and the C library takes the older one, as it does on an older kernel."""

X86_64 = Machine(
    "x86_64",
    0xC000003E,
    _numbers(
        """
        open 2, connect 42, sendto 44, sendmsg 46, bind 49, listen 50, clone 56, fork 57, vfork 58, execve 59,
        truncate 76, rename 82, mkdir 83, rmdir 84, creat 85, link 86, unlink 87, symlink 88, chmod 90, chown 92,
        lchown 94, utime 132, mknod 133, setxattr 188, lsetxattr 189, removexattr 197, lremovexattr 198,
        tgkill 234, utimes 235, openat 257, mkdirat 258, mknodat 259, fchownat 260, futimesat 261, unlinkat 263,
        renameat 264, linkat 265, symlinkat 266, fchmodat 268, utimensat 280, sendmmsg 307, renameat2 316,
        seccomp 317, execveat 322, io_uring_setup 425, clone3 435, openat2 437, pidfd_getfd 438
        """
    ),
)
AARCH64 = Machine(
    "aarch64",
    0xC00000B7,
    _numbers(
        """
        setxattr 5, lsetxattr 6, removexattr 14, lremovexattr 15, mknodat 33, mkdirat 34, unlinkat 35,
        symlinkat 36, linkat 37, renameat 38, truncate 45, fchmodat 53, fchownat 54, openat 56, utimensat 88,
        tgkill 131, bind 200, listen 201, connect 203, sendto 206, sendmsg 211, clone 220, execve 221,
        sendmmsg 269, renameat2 276, seccomp 277, execveat 281, io_uring_setup 425, clone3 435, openat2 437,
        pidfd_getfd 438
        """
    ),
)
MACHINES = {machine.name: machine for machine in (X86_64, AARCH64)}


def watched_on(machine: Machine) -> dict[int, Syscall]:
    """The system calls of interest by their number on the machine."""
    return {machine.numbers[call.name]: call for call in WATCHED if call.name in machine.numbers}
