// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <model/Reading.h>

#include <QByteArrayView>

#include <array>
#include <utility>

/// The names of a reading's fields, as both written forms have them.
namespace platen::protocol {

inline constexpr std::array identityTexts{
    std::pair{QLatin1StringView("manufacturer"), &model::Identity::manufacturer},
    std::pair{QLatin1StringView("model"), &model::Identity::model},
    std::pair{QLatin1StringView("modelId"), &model::Identity::modelId},
    std::pair{QLatin1StringView("modelMatch"), &model::Identity::modelMatch},
    std::pair{QLatin1StringView("deviceType"), &model::Identity::deviceType},
    std::pair{QLatin1StringView("description"), &model::Identity::description},
    std::pair{QLatin1StringView("serialNumber"), &model::Identity::serialNumber},
    std::pair{QLatin1StringView("assetNumber"), &model::Identity::assetNumber},
    std::pair{QLatin1StringView("mac"), &model::Identity::mac},
    std::pair{QLatin1StringView("location"), &model::Identity::location},
    std::pair{QLatin1StringView("firmware"), &model::Identity::firmware},
    std::pair{QLatin1StringView("sysObjectId"), &model::Identity::sysObjectId},
};

inline constexpr std::array supplyTexts{
    std::pair{QLatin1StringView("name"), &model::Supply::name},
    std::pair{QLatin1StringView("kind"), &model::Supply::kind},
    std::pair{QLatin1StringView("color"), &model::Supply::color},
    std::pair{QLatin1StringView("unit"), &model::Supply::unit},
    std::pair{QLatin1StringView("serialNumber"), &model::Supply::serialNumber},
};

inline constexpr std::array alertTexts{
    std::pair{QLatin1StringView("severity"), &model::Alert::severity},
    std::pair{QLatin1StringView("group"), &model::Alert::group},
    std::pair{QLatin1StringView("description"), &model::Alert::description},
};

inline constexpr std::array alertNumbers{
    std::pair{QLatin1StringView("groupIndex"), &model::Alert::groupIndex},
    std::pair{QLatin1StringView("location"), &model::Alert::location},
    std::pair{QLatin1StringView("code"), &model::Alert::code},
};

inline constexpr std::array supplyClassNames{
    std::pair{model::SupplyClass::Other, QLatin1StringView("other")},
    std::pair{model::SupplyClass::Consumed, QLatin1StringView("consumed")},
    std::pair{model::SupplyClass::Filled, QLatin1StringView("filled")},
};

inline constexpr std::array levelKindNames{
    std::pair{model::SupplyLevel::Kind::None, QLatin1StringView("none")},
    std::pair{model::SupplyLevel::Kind::Unknown, QLatin1StringView("unknown")},
    std::pair{model::SupplyLevel::Kind::Some, QLatin1StringView("some")},
    std::pair{model::SupplyLevel::Kind::Range, QLatin1StringView("range")},
    std::pair{model::SupplyLevel::Kind::Percent, QLatin1StringView("percent")},
};

/// The name beside a value in one of the lists above.
template <typename Names, typename Value>
QString nameIn(const Names& names, Value value)
{
    for (const auto& [known, name] : names) {
        if (known == value)
            return name;
    }
    return {};
}

/// The value beside a name; nothing when the list has none.
template <typename Names>
auto valueIn(const Names& names, const QString& wanted) -> std::optional<typename Names::value_type::first_type>
{
    for (const auto& [value, name] : names) {
        if (name == wanted)
            return value;
    }
    return std::nullopt;
}

} // namespace platen::protocol
