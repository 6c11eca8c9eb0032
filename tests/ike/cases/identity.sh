# Who the gateway is, and who it thinks that we are.
# shellcheck shell=bash

# the gateway shows another identity than rightid=, which is quoted; strongSwan with IKEv2 refuses ours
case_gateway_has_another_id() {
        profile "data rightid=@other.example"
        try
        case $GATEWAY/$IKE in
        strong/2) expect_failure 0 'refused our identity' ;;
        *) expect_failure 1 "the gateway shows the identity '@gateway.example'.* set rightid=@gateway.example" ;;
        esac
}

# no rightid= at all, and a gateway that does not show its address
case_gateway_has_an_id() {
        profile "data rightid="
        try
        expect_failure 1 "the gateway shows the identity '@gateway.example'.* set rightid=@gateway.example"
}
