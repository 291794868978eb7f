// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ErrorText.h"

#include <QCoreApplication>

namespace platen::widgets {

namespace {

// A switch, so that a new code does not compile without its sentences.
const char* sentences(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Cancelled:
        return QT_TRANSLATE_NOOP("ErrorText", "This was cancelled. Start it again when you are ready.");
    case ErrorCode::Timeout:
        return QT_TRANSLATE_NOOP("ErrorText", "The server did not answer in time. Check the network and try again.");
    case ErrorCode::InvalidInput:
        return QT_TRANSLATE_NOOP("ErrorText", "The server could not use what was entered. Check it and try again.");
    case ErrorCode::NotFound:
        return QT_TRANSLATE_NOOP("ErrorText", "This does not exist any more. Refresh to see what is there.");
    case ErrorCode::PermissionDenied:
        return QT_TRANSLATE_NOOP("ErrorText", "You may not do this. Ask an administrator for the permission.");
    case ErrorCode::StorageFailed:
        return QT_TRANSLATE_NOOP("ErrorText", "The server could not read or write its data. Ask its administrator to check the disk.");
    case ErrorCode::SchemaTooNew:
    case ErrorCode::Unsupported:
        return QT_TRANSLATE_NOOP("ErrorText", "The server and this console do not speak the same version. Install the same version of both.");
    case ErrorCode::MigrationChanged:
        return QT_TRANSLATE_NOOP("ErrorText", "The server's database does not fit its version. Ask its administrator to restore it.");
    case ErrorCode::NetworkFailed:
        return QT_TRANSLATE_NOOP("ErrorText", "The server cannot be reached. Check its address and your network, then try again.");
    case ErrorCode::AddressInUse:
        return QT_TRANSLATE_NOOP("ErrorText", "Another program already uses this port. Choose another one.");
    case ErrorCode::Malformed:
        return QT_TRANSLATE_NOOP("ErrorText", "The server's answer could not be understood. Check that the address belongs to a Platen server.");
    case ErrorCode::LimitExceeded:
        return QT_TRANSLATE_NOOP("ErrorText", "This is more than the server accepts. Ask for less at once.");
    case ErrorCode::NotAuthenticated:
        return QT_TRANSLATE_NOOP("ErrorText", "Your session has ended. Log in again.");
    case ErrorCode::CertificateRefused:
        return QT_TRANSLATE_NOOP("ErrorText", "The server's certificate is not trusted. Compare its fingerprint with the one its administrator gives you.");
    case ErrorCode::Conflict:
        return QT_TRANSLATE_NOOP("ErrorText", "Somebody else changed this meanwhile. Refresh and try again.");
    case ErrorCode::CryptoFailed:
        return QT_TRANSLATE_NOOP("ErrorText", "A security check failed. Try again; if it stays, tell the server's administrator.");
    case ErrorCode::Expired:
        return QT_TRANSLATE_NOOP("ErrorText", "This has expired. Ask for a new one.");
    case ErrorCode::TooManyAttempts:
        return QT_TRANSLATE_NOOP("ErrorText", "There were too many attempts. Wait a few minutes, then try again.");
    case ErrorCode::ProofNeeded:
        return QT_TRANSLATE_NOOP("ErrorText", "This needs your password again. Enter it and try once more.");
    case ErrorCode::Internal:
        return QT_TRANSLATE_NOOP("ErrorText", "Something went wrong on the server. Try again; if it stays, tell its administrator.");
    }
    return "";
}

} // namespace

QString errorText(ErrorCode code)
{
    return QCoreApplication::translate("ErrorText", sentences(code));
}

} // namespace platen::widgets
