"""Attempts at processes, time, databases and files. The working folder is the project, TMP lies below tmp_path."""

from __future__ import annotations

from tests.ui.attempts.attempt import INSTALLED, Attempt, attempts

PREAMBLE = """
import asyncio, concurrent.futures, contextlib, ctypes, dbm, io, logging, logging.handlers, multiprocessing, os, pathlib
import queue, select, shutil, signal, sqlite3, subprocess, sys, tempfile, threading, time, zipfile
from asyncio import sleep as early_asyncio_sleep
from subprocess import Popen as EarlyPopen
from time import sleep as early_sleep
"""
PREAMBLE += INSTALLED
PREAMBLE += """
apsw, duckdb, numpy, pexpect, pyarrow = map(installed, ("apsw", "duckdb", "numpy", "pexpect", "pyarrow"))
sqlalchemy, trio, uvloop = map(installed, ("sqlalchemy", "trio", "uvloop"))
if pyarrow:
    import pyarrow.csv, pyarrow.parquet
LIBC = ctypes.CDLL(None)
HANDLE = open("handle.txt", "w")
pathlib.Path("seed.txt").write_text("seed")
pathlib.Path("folder").mkdir(exist_ok=True)
TMP = None


@pytest.fixture(autouse=True)
def _tmp(tmp_path):
    global TMP
    TMP = tmp_path


def nothing():
    pass
"""

PROCESS = """
subprocess_run              subprocess.run(["true"])
subprocess_early            EarlyPopen(["true"]).wait()
subprocess_shell            subprocess.call("true", shell=True)
os_system                   os.system("true")
os_popen                    os.popen("true").close()
os_fork
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
os_forkpty
    child, _ = os.forkpty()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
os_posix_spawn              os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)
os_spawnv                   os.spawnv(os.P_WAIT, "/bin/true", ["true"])
mp_fork
    child = multiprocessing.get_context("fork").Process(target=nothing)
    child.start()
    child.join()
mp_spawn
    child = multiprocessing.get_context("spawn").Process(target=nothing)
    child.start()
    child.join()
mp_forkserver
    child = multiprocessing.get_context("forkserver").Process(target=nothing)
    child.start()
    child.join()
mp_pool
    with multiprocessing.get_context("fork").Pool(1) as pool:
        pool.apply(nothing)
process_pool
    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        pool.submit(nothing).result(5)
pexpect_spawn               pexpect.spawn("true").wait()
asyncio_subprocess          asyncio.run(asyncio.create_subprocess_exec("true"))
uvloop_subprocess           uvloop.run(asyncio.create_subprocess_exec("true"))
ctypes_system               LIBC.system(b"true")
"""

SLEEP = """
time_sleep                  time.sleep(0.25)
time_sleep_early            early_sleep(0.25)
asyncio_sleep               asyncio.run(asyncio.sleep(0.25))
asyncio_sleep_early
    async def pause():
        await early_asyncio_sleep(0.25)
    asyncio.run(pause())
event_wait                  threading.Event().wait(0.25)
queue_get_timeout
    with contextlib.suppress(queue.Empty):
        queue.Queue().get(timeout=0.25)
select_sleep                select.select([], [], [], 0.25)
trio_sleep                  trio.run(trio.sleep, 0.25)
uvloop_sleep                uvloop.run(asyncio.sleep(0.25))
ctypes_usleep               LIBC.usleep(250_000)
sigtimedwait                signal.sigtimedwait([signal.SIGUSR2], 0.25)
"""

DATABASE = """
sqlite_file_cwd             sqlite3.connect("a.db").execute("create table a (b)")
sqlite_file_tmp             sqlite3.connect(TMP / "a.db").execute("create table a (b)")
sqlite_attach               sqlite3.connect(":memory:").execute("attach 'attached.db' as other")
sqlalchemy_sqlite           sqlalchemy.create_engine("sqlite:///alchemy.db").connect()
duckdb_file                 duckdb.connect("a.duckdb")
apsw_file                   apsw.Connection("apsw.db").execute("create table a (b)")
"""

FILES = """
open_w_cwd                  open("a.txt", "w").close()
open_append                 open("seed.txt", "a").close()
io_open_rplus               io.open("seed.txt", "r+").close()
pathlib_write               pathlib.Path("b.txt").write_text("x")
pathlib_touch               pathlib.Path("c.txt").touch()
os_open_creat               os.close(os.open("d.txt", os.O_CREAT | os.O_WRONLY))
os_open_dirfd
    folder = os.open(".", os.O_RDONLY)
    os.close(os.open("e.txt", os.O_CREAT | os.O_WRONLY, dir_fd=folder))
shutil_copy                 shutil.copy("seed.txt", "f.txt")
shutil_move_into
    (TMP / "moved.txt").write_text("x")
    shutil.move(TMP / "moved.txt", "g.txt")
os_rename_into
    (TMP / "renamed.txt").write_text("x")
    os.rename(TMP / "renamed.txt", "h.txt")
os_mkdir                    os.mkdir("made")
os_symlink                  os.symlink("seed.txt", "symlink.txt")
os_link                     os.link("seed.txt", "link.txt")
os_mkfifo                   os.mkfifo("pipe")
os_mknod                    os.mknod("node")
os_remove                   os.remove("seed.txt")
os_truncate                 os.truncate("seed.txt", 0)
symlink_escape
    (TMP / "out").symlink_to(pathlib.Path("folder").resolve())
    (TMP / "out" / "i.txt").write_text("x")
numpy_save                  numpy.save("j.npy", numpy.zeros(3))
numpy_memmap                numpy.memmap("k.bin", mode="w+", shape=3)
zipfile_w                   zipfile.ZipFile("l.zip", "w").close()
logging_file                logging.FileHandler("m.log").close()
logging_rotating_delay
    handler = logging.handlers.RotatingFileHandler("n.log", delay=True)
    handler.handleError = lambda record: None
    handler.emit(logging.makeLogRecord({"msg": "x"}))
dbm_gnu                     dbm.open("o", "n").close()
pyarrow_parquet             pyarrow.parquet.write_table(pyarrow.table({"a": [1]}), "p.parquet")
pyarrow_csv                 pyarrow.csv.write_csv(pyarrow.table({"a": [1]}), "q.csv")
ctypes_fopen                LIBC.fopen(b"r.txt", b"w")
home_write                  pathlib.Path("~/.written-by-a-test").expanduser().write_text("x")
write_preopened_handle      HANDLE.write("x")
"""

TEMPFILES = """
tmp_named                   tempfile.NamedTemporaryFile().close()
tmp_mkstemp                 os.close(tempfile.mkstemp()[0])
tmp_dir                     tempfile.TemporaryDirectory().cleanup()
"""

FREE = """
ok_sleep0                   time.sleep(0)
ok_asyncio_sleep0           assert asyncio.run(asyncio.sleep(0, result="x")) == "x"
ok_sqlite_memory            sqlite3.connect(":memory:").execute("create table a (b)")
ok_tmp_path_write           (TMP / "mine.txt").write_text("x")
ok_chdir_relative
    here = os.getcwd()
    os.chdir(TMP)
    open("mine.txt", "w").close()
    os.chdir(here)
ok_read_project             pathlib.Path("folder").is_dir() and open("pytest.ini").close()
ok_devnull                  open(os.devnull, "w").close()
ok_import_writes_pyc        import lazily
ok_rmtree_tmp
    (TMP / "tree" / "branch").mkdir(parents=True)
    (TMP / "tree" / "branch" / "leaf.txt").touch()
    shutil.rmtree(TMP / "tree")
"""

ATTEMPTS: tuple[Attempt, ...] = (
    *attempts(PROCESS, "process", "localhost"),
    *attempts(SLEEP, "sleep"),
    *attempts(DATABASE, "database"),
    *attempts(FILES, "files"),
    *attempts(TEMPFILES, "tempfiles"),
    *attempts(FREE),
)
