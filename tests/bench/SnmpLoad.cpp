// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
// platen-snmpload ADDRESS PORT SECONDS [WINDOW]: asks one SNMP v2c agent for sysDescr.0 (community public) as fast as it
// answers, WINDOW requests in flight, and prints how many answers came: "ANSWERS SECONDS".
#include <arpa/inet.h>
#include <sys/socket.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr size_t batch = 64;

/// GET sysDescr.0, v2c, "public", request id 1.
constexpr std::array<unsigned char, 43> getSysDescr{
    0x30, 0x29, 0x02, 0x01, 0x01, 0x04, 0x06, 'p', 'u', 'b', 'l', 'i', 'c', 0xa0, 0x1c, 0x02, 0x04, 0x00, 0x00, 0x00, 0x01, 0x02,
    0x01, 0x00, 0x02, 0x01, 0x00, 0x30, 0x0e, 0x30, 0x0c, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x02, 0x01, 0x01, 0x01, 0x00, 0x05, 0x00};

void send(int socket, size_t count)
{
    std::array<mmsghdr, batch> messages = {};
    iovec piece{const_cast<unsigned char*>(getSysDescr.data()), getSysDescr.size()};
    for (mmsghdr& message : messages) {
        message.msg_hdr.msg_iov = &piece;
        message.msg_hdr.msg_iovlen = 1;
    }
    for (size_t sent = 0; sent < count;) {
        const int now = sendmmsg(socket, messages.data(), unsigned(std::min(batch, count - sent)), 0);
        if (now <= 0)
            return;
        sent += size_t(now);
    }
}

size_t receive(int socket)
{
    static std::array<std::array<char, 2048>, batch> buffers;
    std::array<iovec, batch> pieces;
    std::array<mmsghdr, batch> messages = {};
    for (size_t i = 0; i < batch; ++i) {
        pieces[i] = {buffers[i].data(), buffers[i].size()};
        messages[i].msg_hdr.msg_iov = &pieces[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int received = recvmmsg(socket, messages.data(), batch, MSG_DONTWAIT, nullptr);
    return received > 0 ? size_t(received) : 0;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 4) {
        std::fprintf(stderr, "platen-snmpload ADDRESS PORT SECONDS [WINDOW]\n");
        return 1;
    }
    const double seconds = std::atof(argv[3]);
    const size_t window = argc > 4 ? size_t(std::atoi(argv[4])) : 256;
    const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in to = {};
    to.sin_family = AF_INET;
    to.sin_port = htons(uint16_t(std::atoi(argv[2])));
    if (inet_pton(AF_INET, argv[1], &to.sin_addr) != 1 || connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
        std::perror("platen-snmpload");
        return 1;
    }
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    const auto end = start + std::chrono::duration<double>(seconds);
    size_t answers = 0;
    send(socket, window);
    while (Clock::now() < end) {
        pollfd ready{socket, POLLIN, 0};
        if (poll(&ready, 1, 200) == 0) {
            send(socket, window); // all were lost: start the window again
            continue;
        }
        const size_t received = receive(socket);
        answers += received;
        send(socket, received);
    }
    std::printf("%zu %.3f\n", answers, std::chrono::duration<double>(Clock::now() - start).count());
    return answers == 0;
}
