/* progress.h - how far the program is, on a line of the terminal. */
#ifndef LZ_PROGRESS_H
#define LZ_PROGRESS_H

/* LAZY_PROGRESS: from now on, until lz_progress_end(). */
void lz_progress_begin(void);
void lz_progress_end(void);

/* In the child of a fork: the line is the parent's. */
void lz_progress_after_fork(void);

#endif /* LZ_PROGRESS_H */
