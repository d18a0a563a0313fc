/* The example that packs files, by an OpenMP expert: a parallel loop over the blocks. */
#define main serial_main
#include "../examples/compress.c"
#undef main

int main(int argc, char **argv) {
  struct job job = start(argc, argv);
#pragma omp parallel for schedule(dynamic)
  for (size_t i = 0; i < job.blocks; i++)
    job.sizes[i] = pack(job.packed[i], job.data + i * BLOCK, size_of_block(&job, i));
  return finish(&job);
}
