// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Edge.h"
#include "Legacy.h"
#include "OtherWays.h"
#include "Profiles.h"
#include "Recordings.h"
#include "Snmp.h"
#include "SpoolFiles.h"
#include "Target.h"
#include "Wire.h"

#include <array>

using namespace Qt::StringLiterals;

namespace platen::fuzz {

namespace {

constexpr std::array allTargets{
    Target{"range"_L1, "addresses as a person writes them"_L1, range, rangeSeeds, 64},
    Target{"probe"_L1, "a datagram, as a sweep reads it"_L1, probeAnswer, answerSeeds, 1500},
    Target{"answer"_L1, "a datagram, as the SNMP engine reads it, with and without the keys of v3"_L1, answer, answerSeeds, 1500},
    Target{"interview"_L1, "a talk with a printer whose answers are changed"_L1, interview, interviewSeeds, 256, 10},
    Target{"decoder"_L1, "one value, by every decoder of the profiles"_L1, decoder, decoderSeeds, 1500},
    Target{"interpret"_L1, "what a printer answered, to a reading and through its written forms"_L1, interpretation, interpretationSeeds, 512},
    Target{"memory"_L1, "what is kept of a device between readings"_L1, memory, memorySeeds, 8192},
    Target{"ipp"_L1, "an answer to Get-Printer-Attributes"_L1, ippAnswer, ippSeeds, 2048},
    Target{"page"_L1, "a page of a printer's web server"_L1, webPage, pageSeeds, 2048},
    Target{"dnssd"_L1, "packets of multicast DNS"_L1, dnsPackets, dnssdSeeds, 1500},
    Target{"profile"_L1, "a profile file"_L1, profile, profileSeeds, 8192},
    Target{"finder"_L1, "a profile's section of pages"_L1, pageSection, finderSeeds, 1500},
    Target{"recording"_L1, "a .snmprec file"_L1, recording, recordingSeeds, 2048},
    Target{"envelope"_L1, "an envelope, from a stranger and from one who has the key"_L1, envelope, envelopeSeeds, 2048},
    Target{"message"_L1, "every message in CBOR, and what it says of readings"_L1, message, messageSeeds, 2048},
    Target{"activation"_L1, "an activation's messages, from a stranger and from one who knows the PIN"_L1, activation, activationSeeds, 1024},
    Target{"eventstream"_L1, "server-sent events, and the messages in a POST"_L1, eventStream, eventStreamSeeds, 2048},
    Target{"spool"_L1, "the files in a spool's folder"_L1, spoolFiles, spoolSeeds, 256, 10},
#ifdef PLATEN_LEGACY_3DES
    Target{"legacy"_L1, "the obsolete file of 4.x and its answer"_L1, legacyFile, legacySeeds, 1024},
#endif
    Target{"http"_L1, "what a stranger sends to the server's port"_L1, httpTalk, httpSeeds, 2048},
    Target{"websocket"_L1, "frames of a WebSocket"_L1, frames, frameSeeds, 2048},
    Target{"longpoll"_L1, "sessions that have no WebSocket"_L1, longPoll, longPollSeeds, 1024},
};

} // namespace

std::span<const Target> targets()
{
    return allTargets;
}

} // namespace platen::fuzz
