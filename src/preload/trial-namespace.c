/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "trial-namespace.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* RFC 5737: nobody's. */
#define HERE  0xc0000201u /* 192.0.2.1 */
#define THERE 0xc0000202u

#define SPI   0x100

static struct xfrm_selector
make_selector(void)
{
	return (struct xfrm_selector){
		.family = AF_INET,
		.saddr.a4 = htonl(HERE),
		.daddr.a4 = htonl(THERE),
		.prefixlen_s = 32,
		.prefixlen_d = 32,
	};
}

struct request {
	struct nlmsghdr header;
	union {
		struct xfrm_userpolicy_info policy;
		struct xfrm_userpolicy_id policy_id;
		struct xfrm_userspi_info state;
		struct xfrm_usersa_id state_id;
	};
};

static void
make_header(struct request *request, unsigned type, size_t len)
{
	request->header = (struct nlmsghdr){
		.nlmsg_len = (unsigned) NLMSG_LENGTH(len),
		.nlmsg_type = (unsigned short) type,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
	};
}

/* Returns the kernel's answer: 0, or an errno. What it says of what is asked for is of no interest.
 */
static int
ask(const struct request *request)
{
	const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_XFRM);
	_Alignas(struct nlmsghdr) char answer[4096];
	const struct nlmsghdr *header = (const struct nlmsghdr *) answer;
	int result = EIO;
	ssize_t n;

	if (fd < 0)
		return errno;
	if (send(fd, request, request->header.nlmsg_len, 0) < 0)
		result = errno;
	else if ((n = recv(fd, answer, sizeof(answer), 0)) < (ssize_t) sizeof(*header))
		result = EIO;
	else if (header->nlmsg_type != NLMSG_ERROR)
		result = 0;
	else if (n >= (ssize_t) NLMSG_LENGTH(sizeof(int)))
		memcpy(&result, NLMSG_DATA(header), sizeof(result));
	close(fd);
	return result < 0 ? -result : result;
}

static int
put_policy(void)
{
	struct request request = {
		.policy = {.sel = make_selector(),
				   .lft = {XFRM_INF, XFRM_INF, XFRM_INF, XFRM_INF},
				   .dir = XFRM_POLICY_OUT,
				   .action = XFRM_POLICY_BLOCK},
	};

	make_header(&request, XFRM_MSG_NEWPOLICY, sizeof(request.policy));
	return ask(&request);
}

/* Without keys, which any kernel can have. */
static int
put_state(void)
{
	struct request request = {
		.state = {.info = {.id = {.daddr.a4 = htonl(HERE), .proto = IPPROTO_ESP},
						   .saddr.a4 = htonl(THERE),
						   .family = AF_INET,
						   .mode = XFRM_MODE_TUNNEL},
				  .min = SPI,
				  .max = SPI},
	};

	make_header(&request, XFRM_MSG_ALLOCSPI, sizeof(request.state));
	return ask(&request);
}

bool
trial_begin(void)
{
	int error = unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0 ? errno : 0;

	if (!error)
		error = put_policy();
	if (!error)
		error = put_state();
	errno = error;
	return !error;
}

bool
trial_is_kept(void)
{
	struct request policy = {.policy_id = {.sel = make_selector(), .dir = XFRM_POLICY_OUT}};
	struct request state = {
		.state_id = {
			.daddr.a4 = htonl(HERE), .spi = htonl(SPI), .family = AF_INET, .proto = IPPROTO_ESP}};

	make_header(&policy, XFRM_MSG_GETPOLICY, sizeof(policy.policy_id));
	make_header(&state, XFRM_MSG_GETSA, sizeof(state.state_id));
	return ask(&policy) == 0 && ask(&state) == 0;
}
