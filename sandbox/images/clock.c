/* The machine's clock, set by a file.

   Loaded into every dynamically linked program through /etc/ld.so.preload. When a program starts, it reads
   the first line of /etc/adjtime:

       OFFSET SINCE ...        seconds, with a sign and up to nine decimals if need be

   and from then on the time of day is the kernel's plus OFFSET. A file's time between SINCE and the
   kernel's own present was stamped by the kernel and is shown OFFSET later; any other was set by somebody
   who meant it and is shown as it stands. So `touch -d`, `cp -p` and `tar -x` need no care, and whoever
   moves the clock sets the times of what was written meanwhile to what they were shown as.

   The kernel lets nobody set the time of a file's last change or access to its inode, so these would
   betray the kernel's clock: all are shown as the time of modification, as on a disk mounted noatime, and
   the time of birth is not shown. The time of boot in /proc/stat moves along, from which `ps` reckons when
   processes began. With OFFSET 0, or without the file, nothing at all is different.

   Not covered: programs that are linked statically; nftw() and fts inside the C library; /proc/stat read
   by other means than fopen(); waiting until a time of day in pthread_cond_timedwait(), timer_settime() and
   timerfd_settime(). The monotonic clocks are the kernel's, and so is every timeout and every sleep. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)
#define GRAIN (SECOND / 50) /* the kernel stamps files with a coarser clock, which is up to a tick behind */

static int64_t offset, since; /* nanoseconds */

/* Reads a number of seconds and returns what follows it. */
static const char *parse(const char *s, int64_t *result)
{
    int64_t value = 0, unit = SECOND;
    int negative;
    while (*s == ' ')
        s++;
    negative = *s == '-';
    if (*s == '-' || *s == '+')
        s++;
    for (; *s >= '0' && *s <= '9'; s++)
        value = value * 10 + (*s - '0') * SECOND;
    if (*s == '.')
        for (s++; *s >= '0' && *s <= '9'; s++)
            value += (*s - '0') * (unit /= 10);
    *result = negative ? -value : value;
    return s;
}

__attribute__((constructor)) static void begin(void)
{
    char line[128];
    ssize_t n = -1;
    int saved = errno, fd = open("/etc/adjtime", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        n = read(fd, line, sizeof line - 1);
        close(fd);
    }
    if (n > 0) {
        line[n] = 0;
        parse(parse(line, &offset), &since);
    }
    errno = saved;
}

/* ---- The time of day ---- */

static int64_t join(int64_t seconds, int64_t nanoseconds) { return seconds * SECOND + nanoseconds; }

static struct timespec split(int64_t ns)
{
    int64_t part = (ns % SECOND + SECOND) % SECOND;
    return (struct timespec){.tv_sec = (ns - part) / SECOND, .tv_nsec = part};
}

static int is_time_of_day(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_REALTIME_ALARM ||
           clock == CLOCK_TAI;
}

static int64_t kernel_now(void)
{
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    return join(now.tv_sec, now.tv_nsec);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int failed = syscall(SYS_clock_gettime, clock, now);
    if (!failed && is_time_of_day(clock))
        *now = split(join(now->tv_sec, now->tv_nsec) + offset);
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec t = split(kernel_now() + offset);
    *now = (struct timeval){.tv_sec = t.tv_sec, .tv_usec = t.tv_nsec / 1000};
    if (zone)
        *(struct timezone *)zone = (struct timezone){0, 0};
    return 0;
}

time_t time(time_t *result)
{
    time_t now = split(kernel_now() + offset).tv_sec;
    if (result)
        *result = now;
    return now;
}

/* ---- Waiting until a time of day ---- */

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request, struct timespec *rest)
{
    int saved = errno, failed;
    struct timespec until = *request;
    if (is_time_of_day(clock) && flags & TIMER_ABSTIME)
        until = split(join(until.tv_sec, until.tv_nsec) - offset);
    failed = syscall(SYS_clock_nanosleep, clock, flags, &until, rest) ? errno : 0;
    errno = saved;
    return failed;
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until)
{
    struct timespec t = *until;
    if (t.tv_nsec >= 0 && t.tv_nsec < SECOND) /* a wrong one is refused as it stands */
        t = split(join(t.tv_sec, t.tv_nsec) - offset);
    return sem_clockwait(semaphore, CLOCK_REALTIME, &t);
}

/* ---- File times ---- */

static struct timespec shown(int64_t seconds, int64_t nanoseconds)
{
    int64_t t = join(seconds, nanoseconds);
    return split(t >= since - GRAIN && t <= kernel_now() ? t + offset : t);
}

static int show(struct stat *s, int failed)
{
    if (!failed && offset)
        s->st_atim = s->st_ctim = s->st_mtim = shown(s->st_mtim.tv_sec, s->st_mtim.tv_nsec);
    return failed;
}

static int look(int folder, const char *path, void *s, int flags)
{
    return show(s, syscall(SYS_newfstatat, folder, path, s, flags));
}

/* Each under the names of today, of large files, and of programs built against an older C library. */
#define STAT_FAMILY(N)                                                                                     \
    int stat##N(const char *restrict p, struct stat##N *restrict s) { return look(AT_FDCWD, p, s, 0); }    \
    int lstat##N(const char *restrict p, struct stat##N *restrict s)                                       \
    {                                                                                                      \
        return look(AT_FDCWD, p, s, AT_SYMLINK_NOFOLLOW);                                                  \
    }                                                                                                      \
    int fstat##N(int fd, struct stat##N *s) { return show((void *)s, syscall(SYS_fstat, fd, s)); }         \
    int fstatat##N(int fd, const char *restrict p, struct stat##N *restrict s, int flags)                  \
    {                                                                                                      \
        return look(fd, p, s, flags);                                                                      \
    }                                                                                                      \
    int __xstat##N(int version, const char *p, struct stat##N *s) { return (void)version, stat##N(p, s); } \
    int __lxstat##N(int version, const char *p, struct stat##N *s)                                         \
    {                                                                                                      \
        return (void)version, lstat##N(p, s);                                                              \
    }                                                                                                      \
    int __fxstat##N(int version, int fd, struct stat##N *s) { return (void)version, fstat##N(fd, s); }     \
    int __fxstatat##N(int version, int fd, const char *p, struct stat##N *s, int flags)                    \
    {                                                                                                      \
        return (void)version, fstatat##N(fd, p, s, flags);                                                 \
    }

STAT_FAMILY()
STAT_FAMILY(64)

int statx(int folder, const char *restrict path, int flags, unsigned mask, struct statx *restrict s)
{
    int failed = syscall(SYS_statx, folder, path, flags, mask | STATX_MTIME, s);
    if (!failed && offset) {
        struct timespec t = shown(s->stx_mtime.tv_sec, s->stx_mtime.tv_nsec);
        s->stx_mtime.tv_sec = t.tv_sec;
        s->stx_mtime.tv_nsec = t.tv_nsec;
        s->stx_atime = s->stx_ctime = s->stx_mtime;
        s->stx_mask &= ~STATX_BTIME;
        s->stx_btime = (struct statx_timestamp){0};
    }
    return failed;
}

/* ---- The time of boot ---- */

/* A copy of an open /proc/stat that says another time of boot; the original if there is no memory for it. */
static FILE *moved(FILE *original)
{
    char line[4096]; /* only a longer line than this is read in parts, and none of them begins like this one */
    int64_t boot;
    int fd = memfd_create("stat", MFD_CLOEXEC);
    FILE *copy = fd < 0 ? NULL : fdopen(fd, "w+");
    if (!copy)
        return original;
    while (fgets(line, sizeof line, original)) {
        if (strncmp(line, "btime ", 6) == 0) {
            parse(line + 6, &boot);
            fprintf(copy, "btime %lld\n", (long long)split(boot + offset).tv_sec);
        } else {
            fputs(line, copy);
        }
    }
    fclose(original);
    rewind(copy);
    return copy;
}

#define FOPEN(NAME)                                                                                        \
    FILE *NAME(const char *restrict path, const char *restrict mode)                                       \
    {                                                                                                      \
        FILE *(*next)(const char *, const char *) = dlsym(RTLD_NEXT, #NAME);                               \
        FILE *file = next(path, mode);                                                                     \
        return file && offset && strcmp(path, "/proc/stat") == 0 ? moved(file) : file;                     \
    }

FOPEN(fopen)
FOPEN(fopen64)
