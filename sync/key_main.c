/* key_main.c - suifang-key: keys, codes and grants. */
#include "sync/key_verbs.h"

int main(int argc, char **argv)
{
	return program_run(&key_program, argc, argv);
}
