/* env.h - the environment variables. */
#ifndef LZ_ENV_H
#define LZ_ENV_H

/* Reads all of them into `lz`, and says what it does not understand.  Called once. */
void lz_env_read(void);

#endif /* LZ_ENV_H */
